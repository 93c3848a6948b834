import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { parseMetrics } from '../helpers/parse-metrics.ts';
import { stewardBeside } from '../helpers/steward-command.ts';

const steward = fileURLToPath(new URL('../../cli/steward.js', import.meta.url));
let folder: TempFolder;
let web: Server;
beforeAll(async () => {
  folder = await createTempFolder('steward-cli-exporter');
  web = createServer((_request, response) => response.end('a page')).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const key = join(folder.path, 'key');
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const gone = `address: 127.0.0.1, port: 1, read_key_file: key, act_key_file: other, host_key: 'SHA256:${'A'.repeat(43)}'`;
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
  await writeFile(
    join(folder.path, 'steward.yml'),
    `hosts: { here: { local: true }, gone: { ${gone} } }
sites: { blog: { host: gone, url: '${url}', path: /srv/blog, owner: www-data } }
jobs: { backup: { every: 1d } }
exporter: { url: 'http://127.0.0.1:1', password_file: key }
`,
  );
});
afterAll(async () => {
  web.close();
  web.closeAllConnections();
  await folder.remove();
});

const collectors = (stderr: string) =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/\s+/));

describe('steward exporter collect', () => {
  test('prints the metrics of a target, and how each collector went', async () => {
    const { status, stdout, stderr } = await stewardBeside(
      folder.path,
      'exporter',
      'collect',
      '--target',
      'here',
    );
    const metrics = parseMetrics(stdout);
    expect([...metrics.keys()].some((series) => series.startsWith('host_memory_'))).toBe(true);
    // What the exporter reads in its background is there at once.
    expect([...metrics.keys()].some((series) => series.startsWith('host_process_'))).toBe(true);
    expect(collectors(stderr)).toContainEqual(['ok', expect.stringMatching(/^\d+\.\d\d$/), 's', 'memory']);
    expect(status).toBe(/^FAILED/m.test(stderr) ? 1 : 0);
    expect(stderr).not.toContain('\u001b');
  });

  test('of a site whose host is down gives what can be had, says what cannot, and fails', async () => {
    const { status, stdout } = await stewardBeside(
      folder.path,
      'exporter',
      'collect',
      '--target',
      'blog',
      '--json',
    );
    const answer = JSON.parse(stdout) as {
      collectors: { collector: string; background: boolean; failure: { reason: string } | null }[];
      series: { name: string; labels: object; value: number }[];
    };
    expect(status).toBe(1);
    expect(answer).toMatchObject({ module: 'site', id: 'blog' });
    expect(answer.collectors.find(({ collector }) => collector === 'http')?.failure).toBeNull();
    expect(answer.series).toContainEqual({ name: 'probe_success', labels: {}, value: 1 });
    expect(
      answer.collectors
        .filter(({ collector }) => collector === 'permissions')
        .map(({ background, failure }) => [background, failure?.reason]),
    ).toEqual([
      [false, 'unreachable'],
      [true, 'unreachable'],
    ]);
  });

  test.each([
    [['--target', 'blgo'], 1, 'steward.yml has no "blgo"; it has here, gone, blog\n'],
    [['--target', 'constructor'], 1, 'steward.yml has no "constructor"; it has here, gone, blog\n'],
    [
      ['--target', 'backup'],
      1,
      'backup is a job: it reports by itself, and only the exporter has heard of it\n',
    ],
    [[], 1, '--target is missing; steward.yml has here, gone, blog\n'],
    [['--target'], 2, "Option '--target <value>' argument missing; steward --help shows the options\n"],
  ])('%j is refused with what is there', async (args, status, stderr) => {
    expect(await stewardBeside(folder.path, 'exporter', 'collect', ...args)).toEqual({
      status,
      stdout: '',
      stderr,
    });
  });

  test('shows how far it is on a terminal, and takes that away at its end', async () => {
    const { stdout } = await runCommand(
      [
        'script',
        '-qec',
        `${process.execPath} ${steward} exporter collect --target blog > metrics`,
        '/dev/null',
      ],
      { cwd: folder.path },
    ).catch((error: unknown) => ({ stdout: String(error) }));
    expect(stdout).toMatch(/\[#*\.+\] 1 of \d+ {2}blog: http/);
    expect(stdout.split('\r\u001b[K').at(-1)).toMatch(/^ok +\d+\.\d\d s {2}http/);
  });
});

test.each([
  [
    'blog',
    1,
    /^looking at blog\nthe exporter does not answer at http:\/\/127\.0\.0\.1:1: is it running\?\n$/,
  ],
  ['here', 1, /^steward\.yml has no site "here"; it has blog\n$/],
])('steward exporter baseline %s says why there is none', async (site, status, stderr) => {
  const { stdout, ...result } = await stewardBeside(folder.path, 'exporter', 'baseline', site);
  expect(result).toEqual({ status, stderr: expect.stringMatching(stderr) });
  expect(stdout).toBe('');
});

test('steward exporter check names what cannot be read of all targets, and fails', async () => {
  const { status, stdout } = await stewardBeside(folder.path, 'exporter', 'check');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^host here: \d+ of \d+ collectors succeeded, \d+ series$/m);
  expect(stdout).toMatch(
    /^host gone: \d+ of \d+ collectors succeeded, \d+ series\n {2}FAILED {2}cpu, memory, .*\n {4}unreachable: .*127\.0\.0\.1:1/m,
  );
  expect(stdout).toMatch(
    /^site blog: \d+ of \d+ collectors succeeded, \d+ series\n {2}FAILED {2}permissions, permissions \(background\), .*\n {4}unreachable: /m,
  );
  const json = JSON.parse((await stewardBeside(folder.path, 'exporter', 'check', '--json')).stdout) as object;
  expect(json).toMatchObject({ ok: false, targets: [{ id: 'here' }, { id: 'gone' }, { id: 'blog' }] });
});
