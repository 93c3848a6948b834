import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callVerb, dispatcherPath } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let act: Host;
let read: Host;
beforeAll(async () => {
  folder = await createTempFolder('steward-drill');
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: '{}' });
  act = hardened.open('act');
  read = hardened.open('read');
});
afterAll(async () => {
  await act.close();
  await read.close();
  await hardened.remove();
  await folder.remove();
});

const drill = (host: Host, slot = 'web1') =>
  callVerb(host, { verb: 'host-drill', slots: [slot], timeoutSeconds: 20 });
const snapshots = () => readdir(`/var/lib/${hardened.user}/snapshots`);

test('goes the way of a fix over the key that acts, is written down as one, and leaves nothing', async () => {
  expect(await drill(act)).toMatchObject({ kind: 'succeeded', stdout: Buffer.from('drilled\n') });
  expect(await snapshots()).toEqual([]);
  const log = await readFile(`/var/log/${hardened.user}-dispatch.log`, 'utf8');
  expect(log).toMatch(/ act host-drill web1: begins\n.* act host-drill web1: exit code 0\n$/);
});

test('is refused to the key that reads, and for another host', async () => {
  expect(await drill(read)).toMatchObject({ kind: 'failed', exitCode: 77 });
  expect(await drill(act, 'web2')).toMatchObject({ kind: 'failed', exitCode: 77 });
});

/** Runs the verb in a mount namespace in which something was done to the folder that fixes record into. */
function drillAfter(prepare: string): { readonly status: number | null; readonly stderr: string } {
  const script = `set -e; cd "$state"; ${prepare}; "$dispatcher" act host-drill web1`;
  const { status, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], {
    encoding: 'utf8',
    env: { ...process.env, dispatcher: dispatcherPath(hardened.user), state: `/var/lib/${hardened.user}` },
  });
  return { status, stderr };
}

test('fails where a fix could record nothing: a read-only file system, a full one', () => {
  expect(drillAfter('mount -t tmpfs -o ro none snapshots')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('nothing can be recorded before a fix\n'),
  });
  const full = 'mount -t tmpfs -o size=4k none snapshots; head -c 4096 /dev/zero >snapshots/full';
  expect(drillAfter(full)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('nothing can be recorded before a fix: no room\n'),
  });
});

test('fails where the dispatcher does not run as root', () => {
  const { status, stderr } = drillAfter(
    'chmod 755 .; set -- setpriv --reuid=65534 --clear-groups; dispatcher="$dispatcher"; exec "$@" "$dispatcher" act host-drill web1',
  );
  expect({ status, stderr }).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('not run as root\n'),
  });
});
