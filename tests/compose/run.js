import {
  demoPackages,
  newerEnginePackages,
  testPackages,
  unpackedPackages,
} from '../../lab/debian-packages.js';
import { enginePackages, ensureNodeModules, installAll, unpackPackages } from '../../lab/install.js';
import { runTests } from '../jest.js';

// npm run -s test:compose: the tests with a real Docker engine alone. The last line is the count. STEWARD_ENGINE=newer: on Debian sid's.
try {
  const packages = [...demoPackages, ...testPackages, ...enginePackages()];
  await installAll({ packages, yes: process.argv.includes('--yes'), quiet: true });
  const isNewer = process.env.STEWARD_ENGINE === 'newer';
  await unpackPackages({ ...unpackedPackages, ...(isNewer ? newerEnginePackages : {}) });
  await ensureNodeModules();
  const { passed, failed, skipped } = await runTests(['tests/compose/engine']);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
