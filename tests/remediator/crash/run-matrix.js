import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// npm run -s crash-matrix -- --kills 200 --engine postgres: the tests of the crash matrix with so many kills on each engine, for the night.
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    engine: { type: 'string', default: 'sqlite|postgres' },
  },
});
const root = fileURLToPath(new URL('../../..', import.meta.url));
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
