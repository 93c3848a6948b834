import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startExporterProcess, TOKEN, type RunningExporter } from '../helpers/running-exporter.ts';

const script = fileURLToPath(new URL('../../cli/steward.js', import.meta.url));
let exporter: RunningExporter;
beforeAll(async () => {
  const ids = ['good', 'bad', 'ended', 'missing', 'file', 'plain'];
  exporter = await startExporterProcess({ jobs: ids.map((id) => `  ${id}: { every: 1h }\n`).join('') });
});
afterAll(() => exporter.remove());

const environment = () => ({ PATH: process.env['PATH'], STEWARD_URL: exporter.url, STEWARD_TOKEN: TOKEN });

/** Runs `steward run` to its end. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = environment(), input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'run', ...args], {
    env,
    input,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('reports a success, and passes input, output and arguments through untouched', async () => {
  const words = [
    '--',
    'sh',
    '-c',
    'cat; printf "%s|" "$@" "${STEWARD_TOKEN-none}"',
    'x',
    '--help',
    'a b',
    '*',
  ];
  expect(run(['good', ...words], environment(), 'in\n')).toEqual({
    status: 0,
    stdout: 'in\n--help|a b|*|none|',
    stderr: '',
  });
  const metrics = await exporter.job('good');
  expect(metrics.get('job_successes_total')).toBe(1);
  expect(metrics.get('job_last_exit_code')).toBe(0);
  expect(metrics.get('job_last_duration_seconds')).toBeGreaterThanOrEqual(0);
  expect(metrics.get('job_running')).toBe(0);
});

test('has the exit code of the command, and reports it', async () => {
  expect(run(['bad', '--', 'sh', '-c', 'exit 17']).status).toBe(17);
  expect((await exporter.job('bad')).get('job_last_exit_code')).toBe(17);
});

test('sends signals on, and ends as the command does', async () => {
  const command = ['--', 'sh', '-c', 'trap "exit 9" TERM; echo ready; while :; do read -r _; done'];
  const child = spawn(process.execPath, [script, 'run', 'ended', ...command], {
    env: environment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await waitUntil(async () => (await exporter.job('ended')).get('job_running') === 1, { what: 'the start' });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  child.stdin.end('\n');
  expect(await ended).toEqual([9, null]);
  expect((await exporter.job('ended')).get('job_last_exit_code')).toBe(9);
});

test('a command that a signal ended has 128 and its number', () => {
  expect(run(['plain', '--', 'sh', '-c', 'kill -9 $$']).status).toBe(137);
});

test('a command that is not there, or cannot be run, is a failure', async () => {
  const missing = run(['missing', '--', '/nowhere/backup']);
  expect(missing.status).toBe(127);
  expect(missing.stderr).toContain('/nowhere/backup');
  const file = join(exporter.folder, 'no-program');
  await writeFile(file, 'x');
  await chmod(file, 0o600);
  expect(run(['missing', '--', file]).status).toBe(126);
  expect((await exporter.job('missing')).get('job_failures_total')).toBe(2);
});

test('finds address and token in steward.yml where the environment does not say them', async () => {
  const env = { PATH: process.env['PATH'] };
  expect(run(['file', '--config', exporter.configFile, '--', 'true'], env)).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect((await exporter.job('file')).get('job_successes_total')).toBe(1);
});

test.each<[string, NodeJS.ProcessEnv, RegExp]>([
  [
    'cannot be reached',
    { STEWARD_URL: 'http://127.0.0.1:1' },
    /not told of the start: .*\n.*not told of the end/,
  ],
  ['is not named', { STEWARD_URL: 'nonsense' }, /STEWARD_URL is no address/],
  ['does not take the token', { STEWARD_TOKEN: 'wrong' }, /not told of the end: 404 there is nothing here/],
])('where the exporter %s the command runs, and standard error says so', (_name, change, said) => {
  const { status, stdout, stderr } = run(['good', '--', 'sh', '-c', 'echo done; exit 3'], {
    ...environment(),
    ...change,
  });
  expect({ status, stdout }).toEqual({ status: 3, stdout: 'done\n' });
  expect(stderr).toMatch(said);
  expect(stderr).not.toContain(TOKEN);
});

test('takes a command after -- only where one belongs', async () => {
  const child = spawn(process.execPath, [script, 'check', '--', 'x'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  expect(await text(child.stderr)).toContain('nothing stands after -- here: steward check');
});
