import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { demoPackages, testPackages, unpackedPackages } from '../../../lab/debian-packages.js';
import { ensureNodeModules, installAll, unpackPackages } from '../../../lab/install.js';
import { root } from '../../steps.js';

// npm run -s crash-matrix -- --kills 200 --engine postgres: the tests of the crash matrix with so many kills on each engine, for the night.
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    engine: { type: 'string', default: 'sqlite|postgres' },
    yes: { type: 'boolean', default: false },
  },
});
await installAll({ packages: [...demoPackages, ...testPackages], yes: values.yes, quiet: true });
await unpackPackages(unpackedPackages);
await ensureNodeModules();
const { status } = spawnSync(
  'npm',
  ['run', '-s', 'test:unit', '--', 'tests/remediator/crash', '-t', `^on (?:${values.engine}) `],
  {
    cwd: root,
    env: { ...process.env, STEWARD_CRASH_KILLS: values.kills },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
