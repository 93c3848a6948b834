import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let act: Host;
const at = (name: string) => join(folder.path, name);
const isThere = (name: string) =>
  readFile(at(name)).then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  folder = await createTempFolder('steward-turns');
  await runCommand(['chmod', '755', folder.path]);
  await mkdir(at('marks'), { mode: 0o777 });
  await runCommand(['chmod', '777', at('marks')]);
  // Says that it is there, waits until it may end, and says that it has.
  await writeFile(
    at('fix'),
    `#!/bin/sh\ncd '${at('marks')}' || exit 1\n: >"begun-$1"\nwhile [ ! -e go ]; do sleep 0.05; done\n: >"ended-$1"\n`,
    { mode: 0o755 },
  );
  await writeFile(
    at('daemon'),
    `#!/bin/sh\nsetsid sleep 30 >/dev/null 2>&1 &\necho $! >'${at('marks')}/daemon'\n`,
    {
      mode: 0o755,
    },
  );
  hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: '{}',
    actions: `{ fix: { target: host, user: nobody, run: ['${at('fix')}', $run] },
                daemon: { target: host, user: nobody, run: ['${at('daemon')}'] } }`,
  });
  act = hardened.open('act');
});
afterAll(async () => {
  await act.close();
  await hardened.remove();
  await folder.remove();
});

const call = (run: string, timeoutSeconds = 30, verb: 'custom-fix' | 'custom-daemon' = 'custom-fix') =>
  callVerb(act, { verb, slots: ['web1', run], timeoutSeconds });
const log = () => readFile(`/var/log/${hardened.user}-dispatch.log`, 'utf8');
const begun = (run: string) =>
  waitUntil(() => isThere(`marks/begun-${run}`), { what: `${run} to be at work` });

describe('of two fixes on one host', () => {
  test('the second begins when the first has ended, also where nobody listens to the first any more', async () => {
    const aborted = new AbortController();
    const slots = ['web1', 'first'];
    const first = callVerb(act, { verb: 'custom-fix', slots, timeoutSeconds: 30, signal: aborted.signal });
    await begun('first');
    aborted.abort();
    expect((await first).kind).toBe('unknown');
    const second = call('second');
    await waitUntil(async () => (await waiting()) > 0, { what: 'the second to wait for its turn' });
    expect(await isThere('marks/begun-second')).toBe(false);
    await writeFile(at('marks/go'), '');
    expect((await second).kind).toBe('succeeded');
    expect(await log()).toMatch(
      /first: begins\n(.*\n)*.*first: exit code 0\n(.*\n)*.*second: begins\n(.*\n)*.*second: exit code 0\n/,
    );
  });

  test('the second does nothing where the first does not end in time, and says so', async () => {
    await runCommand(['rm', at('marks/go')]);
    const first = call('third');
    await begun('third');
    const { kind, ...second } = await call('fourth', 2);
    expect({ kind, said: second.stderr.toString() }).toEqual({
      kind: 'failed',
      said: 'nothing was done: another fix is still at work on this host\n',
    });
    expect(second).toMatchObject({ exitCode: 75 });
    await writeFile(at('marks/go'), '');
    expect((await first).kind).toBe('succeeded');
    expect(await isThere('marks/begun-fourth')).toBe(false);
  });

  test('what the first has started, and left, holds the second back no longer', async () => {
    await call('fifth', 30, 'custom-daemon');
    const pid = Number(await readFile(at('marks/daemon'), 'utf8'));
    expect((await call('sixth', 4)).kind).toBe('succeeded');
    process.kill(pid, 'SIGKILL');
  });
});

test('a call that was killed has left its beginning in the log', async () => {
  await runCommand(['rm', at('marks/go')]);
  const child = spawn('sudo', [
    `/usr/local/lib/${hardened.user}/dispatch`,
    'act',
    'custom-fix',
    'web1',
    'killed',
  ]);
  await begun('killed');
  await runCommand(['pkill', '-KILL', '-f', `${hardened.user}/dispatch act custom-fix web1 killed`]);
  child.kill('SIGKILL');
  await writeFile(at('marks/go'), '');
  const text = await log();
  expect(text).toContain('custom-fix web1 killed: begins\n');
  expect(text).not.toContain('custom-fix web1 killed: exit code');
});

/** How many calls of this host's wait for their turn. */
async function waiting(): Promise<number> {
  const { stdout } = await runCommand(['sh', '-c', "pgrep -fc '^flock -w [0-9]+ 9$' || true"]);
  return Number(stdout);
}
