import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HostError, type Host } from '../../hosts/host.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { killProcessesWith, processesWith } from '../helpers/processes.ts';

/** What every way to reach a host must do. The host under test must be this machine, as the same account. */
export function describeHostContract(open: () => Promise<{ host: Host; close: () => Promise<void> }>): void {
  let opened: Awaited<ReturnType<typeof open>>;
  let folder: TempFolder;
  beforeAll(async () => {
    opened = await open();
    folder = await createTempFolder('steward-host');
  });
  afterAll(async () => {
    await opened.host.close();
    await opened.close();
    await folder.remove();
  });
  const run = (...argv: [string, ...string[]]) => opened.host.run({ argv, timeoutSeconds: 10 });

  describe('a command', () => {
    test.each([
      ['nothing', ''],
      ['blanks and quotes', ` a 'b' "c" `],
      ['what a shell would expand', '$(id) `id` $HOME * ~ ; & | > <'],
      ['a line break and a tab', 'one\ntwo\tthree'],
      ['a leading dash', '--help'],
      ['unicode', 'žluťoučký 🐎'],
      ['a backslash at the end', 'a\\'],
      [
        'every control character',
        String.fromCharCode(...Array.from({ length: 31 }, (_, index) => index + 1), 127),
      ],
    ])('gets an argument with %s as it is', async (_what, argument) => {
      const outcome = await run('printf', '%s', argument);
      expect(outcome).toMatchObject({ kind: 'succeeded', stdout: Buffer.from(argument) });
    });

    test('gets its standard input, byte for byte', async () => {
      const stdin = Buffer.from([...Array(256).keys()]);
      const outcome = await opened.host.run({ argv: ['cat'], stdin, timeoutSeconds: 10 });
      expect(outcome).toMatchObject({ kind: 'succeeded', stdout: stdin });
    });

    test('that ignores a large input succeeds', async () => {
      const stdin = Buffer.alloc(1_000_000);
      expect((await opened.host.run({ argv: ['true'], stdin, timeoutSeconds: 10 })).kind).toBe('succeeded');
    });

    test('with an exit code other than 0 has failed, and both streams are kept', async () => {
      const outcome = await run('sh', '-c', 'echo out; echo err >&2; exit 3');
      expect(outcome).toMatchObject({
        kind: 'failed',
        exitCode: 3,
        stdout: Buffer.from('out\n'),
        stderr: Buffer.from('err\n'),
      });
    });

    test('that does not exist has failed', async () => {
      expect((await run('/nonexistent/program')).kind).toBe('failed');
    });

    test('that was ended by a signal is unknown', async () => {
      expect((await run('sh', '-c', 'kill -9 $$')).kind).toBe('unknown');
    });

    test('has its output cut at the limit, and says so', async () => {
      const argv: [string, ...string[]] = ['sh', '-c', 'yes | head -c 100000'];
      const outcome = await opened.host.run({ argv, timeoutSeconds: 10, outputLimitBytes: 1000 });
      expect(outcome).toMatchObject({ kind: 'succeeded', truncated: true });
      expect(outcome.stdout).toHaveLength(1000);
    });

    test('that takes too long is unknown, and is ended on the far side', async () => {
      const marker = `steward-${randomUUID()}`;
      const outcome = await opened.host.run({ argv: ['sh', '-c', 'sleep 300', marker], timeoutSeconds: 1 });
      expect(outcome).toMatchObject({ kind: 'unknown', reason: 'timed out after 1 s' });
      await waitUntil(async () => (await processesWith(marker)).length === 0, {
        what: 'the command to be gone',
      });
    });

    test('that starts a service which holds its output open succeeds as soon as it has ended itself', async () => {
      const marker = `steward-${randomUUID()}`;
      const script = '(sh -c "sleep 300" "$0") & echo started';
      const outcome = await opened.host.run({ argv: ['sh', '-c', script, marker], timeoutSeconds: 20 });
      expect(outcome).toMatchObject({ kind: 'succeeded', stdout: Buffer.from('started\n') });
      expect(await processesWith(marker)).not.toHaveLength(0);
      await killProcessesWith(marker);
    });

    test('that was aborted before it began has failed', async () => {
      const outcome = await opened.host.run({
        argv: ['true'],
        timeoutSeconds: 10,
        signal: AbortSignal.abort(),
      });
      expect(outcome).toMatchObject({ kind: 'failed', exitCode: undefined });
    });

    test('that is aborted while it runs is unknown', async () => {
      const started = join(folder.path, randomUUID());
      const abort = new AbortController();
      const outcome = opened.host.run({
        argv: ['sh', '-c', 'touch "$1"; sleep 20', 'sh', started],
        timeoutSeconds: 30,
        signal: abort.signal,
      });
      await waitUntil(() => readFile(started), { what: 'the command to start' });
      abort.abort();
      expect(await outcome).toMatchObject({ kind: 'unknown', reason: 'aborted while it ran' });
    });

    test('runs beside many others', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, index) => run('echo', String(index))),
      );
      expect(outcomes.map((outcome) => outcome.stdout.toString().trim())).toEqual(
        Array.from({ length: 30 }, (_, index) => String(index)),
      );
    });
  });

  describe('a file', () => {
    test('is read from an offset, and at most to its end', async () => {
      const path = join(folder.path, `it's a "file"`);
      await writeFile(path, '0123456789');
      expect(await opened.host.readFile(path, 3, 4)).toEqual(Buffer.from('3456'));
      expect(await opened.host.readFile(path, 8, 100)).toEqual(Buffer.from('89'));
      expect(await opened.host.readFile(path, 100, 4)).toEqual(Buffer.alloc(0));
    });

    test('in whose place there is a pipe does not hold the reader', async () => {
      const path = join(folder.path, 'pipe');
      await runCommand(['mkfifo', path]);
      const read = opened.host
        .readFile(path, 0, 10)
        .then(String, (error: unknown) => (error instanceof HostError ? error.code : error));
      expect(['', 'not_readable']).toContain(await read);
    });

    test('that is missing cannot be read, and the error says so', async () => {
      await expect(opened.host.readFile('/nonexistent', 0, 1)).rejects.toMatchObject({
        code: 'not_readable',
        message: expect.stringContaining('/nonexistent'),
      });
    });
  });

  describe('a status', () => {
    test('tells a file, a folder and a link apart, and follows no link', async () => {
      const file = join(folder.path, 'status');
      await writeFile(file, 'abc');
      await chmod(file, 0o640);
      await mkdir(`${file}-folder`);
      await symlink(file, `${file}-link`);
      expect(await opened.host.stat(file)).toMatchObject({ type: 'file', sizeBytes: 3, mode: 0o640 });
      expect(await opened.host.stat(`${file}-folder`)).toMatchObject({ type: 'directory' });
      expect(await opened.host.stat(`${file}-link`)).toMatchObject({ type: 'link' });
    });

    test('of nothing is undefined', async () => {
      expect(await opened.host.stat('/nonexistent/at/all')).toBeUndefined();
    });
  });
}
