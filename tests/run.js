import { demoPackages, testPackages, unpackedPackages } from '../lab/debian-packages.js';
import { enginePackages, ensureNodeModules, installAll, unpackPackages } from '../lab/install.js';
import { runTests } from './jest.js';
import { runStaticChecks } from './steps.js';

// npm test: installs what the tests need, runs the static checks and the tests. The last line is the count.
try {
  const yes = process.argv.includes('--yes');
  const packages = [...demoPackages, ...testPackages, ...enginePackages()];
  await installAll({ packages, yes, quiet: true });
  await unpackPackages(unpackedPackages);
  await ensureNodeModules();
  const counts = [await runStaticChecks(), await runTests()];
  const total = (name) => counts.reduce((sum, count) => sum + (count[name] ?? 0), 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  process.exitCode = total('failed') === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
