import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// npm run -s crash-matrix -- --kills 200: the tests of the crash matrix with so many kills, for the night.
const { values } = parseArgs({ options: { kills: { type: 'string', default: '200' } } });
const root = fileURLToPath(new URL('../../..', import.meta.url));
const { status } = spawnSync('npm', ['run', '-s', 'test:unit', '--', 'tests/remediator/crash'], {
  cwd: root,
  env: { ...process.env, STEWARD_CRASH_KILLS: values.kills },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
