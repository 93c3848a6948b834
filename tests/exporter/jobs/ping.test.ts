import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startExporterProcess, TOKEN, type RunningExporter } from '../../helpers/running-exporter.ts';

let exporter: RunningExporter;
beforeAll(async () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'never', 'start', 'constructor'];
  exporter = await startExporterProcess({ jobs: ids.map((id) => `  ${id}: { every: 1h }\n`).join('') });
});
afterAll(() => exporter.remove());

const bearer = ['-H', `Authorization: Bearer ${TOKEN}`];

/** Calls the real curl, and returns the status and the body. */
async function curl(path: string, ...args: readonly string[]) {
  const { stdout } = await promisify(execFile)(
    'curl',
    ['-sS', '-m', '20', '-w', '\n%{http_code}', ...args, `${exporter.url}${path}`],
    { maxBuffer: 1e6 },
  );
  const lines = stdout.trimEnd().split('\n');
  return { status: Number(lines.at(-1)), text: lines.slice(0, -1).join('\n').trim() };
}

describe('a heartbeat by curl', () => {
  test.each<[string, string, ...string[]]>([
    ['GET with a bearer token', '/ping/a', ...bearer],
    ['HEAD', '/ping/a', '-I', ...bearer],
    ['POST with a body', '/ping/a', '--data-raw', 'all is well', ...bearer],
    ['the token as a parameter', `/ping/a?token=${TOKEN}`],
    ['the token in the path', `/token/${TOKEN}/ping/a`],
    ['an exit code of 0', '/ping/a/0', ...bearer],
  ])('counts as a success: %s', async (_name, path, ...args) => {
    const before = (await exporter.job('a')).get('job_successes_total') ?? 0;
    expect((await curl(path, ...args)).status).toBe(200);
    expect((await exporter.job('a')).get('job_successes_total')).toBe(before + 1);
  });

  test('start and exit code give duration, failure and code; a log changes nothing of them', async () => {
    await curl('/ping/b/start?rid=1', ...bearer);
    expect((await exporter.job('b')).get('job_running')).toBe(1);
    await curl('/ping/b/log', ...bearer);
    await curl('/ping/b/17?rid=1', ...bearer);
    const metrics = await exporter.job('b');
    expect(metrics.get('job_running')).toBe(0);
    expect(metrics.get('job_last_exit_code')).toBe(17);
    expect(metrics.get('job_failures_total')).toBe(1);
    expect(metrics.get('job_last_duration_seconds')).toBeGreaterThanOrEqual(0);
    expect(metrics.has('job_last_success_timestamp_seconds')).toBe(false);
  });

  test('an end that is sent again counts once', async () => {
    await curl('/ping/c?rid=x', ...bearer);
    expect((await curl('/ping/c?rid=x', ...bearer)).status).toBe(200);
    expect((await exporter.job('c')).get('job_successes_total')).toBe(1);
  });

  test('a job that never reported has a deadline and no success', async () => {
    const metrics = await exporter.job('never');
    expect(metrics.has('job_last_success_timestamp_seconds')).toBe(false);
    expect(metrics.get('job_deadline_timestamp_seconds')).toBeGreaterThan(Date.now() / 1000);
    expect(metrics.get('job_late')).toBe(0);
  });

  test('a job may have the id of a word, or of something that objects inherit', async () => {
    expect((await curl('/ping/start/start', ...bearer)).status).toBe(200);
    expect((await exporter.job('start')).get('job_running')).toBe(1);
    expect((await curl('/ping/constructor', ...bearer)).status).toBe(200);
    expect((await exporter.job('constructor')).get('job_successes_total')).toBe(1);
  });
});

describe('what is refused', () => {
  test('a wrong token does not say whether the job is there', async () => {
    const answers = await Promise.all(
      ['/ping/a', '/ping/nope', '/ping/a?token=wrong', '/token/wrong/ping/a', '/ping/a/start', '/nope'].map(
        (path) => curl(path),
      ),
    );
    for (const answer of answers) expect(answer).toEqual({ status: 404, text: 'there is nothing here' });
  });

  test.each<[string, number]>([
    ['/ping/nope', 404],
    ['/ping/toString', 404],
    ['/ping/a/256', 404],
    ['/ping/a/-1', 404],
    ['/ping/a/start/start', 404],
    ['/ping/a?rid=%0a', 400],
    [`/ping/a?rid=${'x'.repeat(65)}`, 400],
    ['/ping/a?items=-1', 400],
    ['/ping/a?waiting=1e9', 400],
    ['/ping/%ff', 400],
  ])('%s with the token is answered with %d', async (path, status) => {
    expect((await curl(path, ...bearer)).status).toBe(status);
  });

  test('a loop that pings is slowed down, and others are not', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 80 }, async () => (await curl('/ping/d', ...bearer)).status),
    );
    const counted = statuses.filter((status) => status === 200).length;
    expect(counted).toBeLessThan(80);
    expect((await exporter.job('d')).get('job_successes_total')).toBe(counted);
    expect((await curl('/ping/e', ...bearer)).status).toBe(200);
  });

  test('the token is in no log', async () => {
    expect(await exporter.log()).not.toContain(TOKEN);
  });
});

describe('a body', () => {
  test('of ten megabytes is cut, and the heartbeat counts', async () => {
    const file = join(exporter.folder, 'body');
    await writeFile(file, Buffer.alloc(10_000_000, 120));
    const { status } = await curl('/ping/f', '--data-binary', `@${file}`, ...bearer).catch(() => ({
      status: 0,
    }));
    expect([0, 200]).toContain(status);
    expect((await exporter.job('f')).get('job_successes_total')).toBe(1);
  });

  test('that is announced and never comes does not hold the answer for ever', async () => {
    const socket = connect(Number(new URL(exporter.url).port), '127.0.0.1');
    socket.write(`POST /ping/g?token=${TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.toString()).toMatch(/connection: close/i);
    expect((await exporter.job('g')).get('job_successes_total')).toBe(1);
  });
});

describe('what was acknowledged', () => {
  test('is there after kill -9, in bursts too', async () => {
    const burst = Array.from(
      { length: 30 },
      async (_, run) => (await curl(`/ping/h?rid=${run}`, ...bearer)).status,
    );
    const first = await Promise.race(burst);
    expect(first).toBe(200);
    const statuses = Promise.all(burst.map((ping) => ping.catch(() => 0)));
    await exporter.kill();
    const acknowledged = (await statuses).filter((status) => status === 200).length;
    await exporter.start();
    const counted = (await exporter.job('h')).get('job_successes_total') ?? 0;
    expect(counted).toBeGreaterThanOrEqual(acknowledged);
    expect(acknowledged).toBeGreaterThan(0);
    expect((await exporter.job('b')).get('job_last_exit_code')).toBe(17);
  });

  test('is kept where the disk is full: 503, and after that it counts again', async () => {
    // The log is a file as well, and must stay the smaller of the two.
    const others = Array.from({ length: 50 }, (_, index) => `  other-${index}: { every: 1h }\n`).join('');
    const full = await startExporterProcess({ jobs: `  a: { every: 1h }\n${others}` });
    try {
      const ping = () => fetch(`${full.url}/ping/a?token=${TOKEN}`).then(({ status }) => status);
      expect(await ping()).toBe(200);
      limitFiles(full, '2000');
      expect(await ping()).toBe(503);
      limitFiles(full, 'unlimited');
      expect(await readdir(join(full.folder, 'data/exporter'))).toEqual(['jobs.json']);
      expect((await full.job('a')).get('job_successes_total')).toBe(1);
      expect(await ping()).toBe(200);
      await full.kill();
      await full.start();
      expect((await full.job('a')).get('job_successes_total')).toBe(2);
    } finally {
      await full.remove();
    }
  });
});

/** No file that it writes may grow longer than this from now on. Node ignores SIGXFSZ, so that writes fail as on a full disk. */
function limitFiles(running: RunningExporter, bytes: string): void {
  const { status, stderr } = spawnSync('prlimit', [
    `--pid=${running.process().pid}`,
    `--fsize=${bytes}:unlimited`,
  ]);
  if (status !== 0) throw new Error(stderr.toString());
}
