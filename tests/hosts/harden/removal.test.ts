import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import type { Role } from '../../../hosts/verbs.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { startProcess } from '../../../lab/parts/process.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let slow: string;
let opened: Host[] = [];

beforeEach(async () => {
  folder = await createTempFolder('steward-removal');
  slow = join(folder.path, 'go-on');
  const site = join(folder.path, 'site');
  await mkdir(join(site, 'wp-content', 'plugins'), { recursive: true });
  await writeFile(join(site, 'wp-config.php'), '');
  await chmod(join(site, 'wp-config.php'), 0o666);
  // Its configuration test takes as long as the test wants, and fails then.
  const waiting = `until [ -e ${slow} ]; do sleep 0.05; done; exit 1`;
  hardened = await startHardenedHost(folder.path, {
    services: `[{ name: no-such-service, manager: sysv, config_test: [sh, -c, '${waiting}'] }]`,
    sites: `{ blog: { host: web1, url: 'http://127.0.0.1/', path: '${site}', owner: www-data } }`,
  });
});
afterEach(async () => {
  await Promise.all(opened.map((host) => host.close()));
  opened = [];
  await writeFile(slow, '');
  await hardened.remove();
  await folder.remove();
});

function open(role: Role): Host {
  const host = hardened.open(role);
  opened.push(host);
  return host;
}

/** Every path where an account leaves something, with its name or id, and what names it in the system's own files. */
function tracesOf(user: string, ids?: { readonly uid: string; readonly gid: string }): string[] {
  const owned = ids === undefined ? [] : ['-o', '-uid', ids.uid, '-o', '-gid', ids.gid];
  const places = ['/etc', '/home', '/opt', '/run', '/srv', '/tmp', '/usr/local', '/var'];
  const leaveOut = ['-path', folder.path, '-prune', '-o', '-path', '/var/lib/docker', '-prune', '-o'];
  const paths = [...places, '-xdev', ...leaveOut, '(', '-name', `*${user}*`, ...owned, ')', '-print'];
  const { stdout: found } = spawnSync('find', paths, { encoding: 'utf8' });
  const named = ['-rlsIF', '--exclude=*-', '--', user, '/etc', '/var/lib/sudo', '/var/spool', '/run'];
  const { stdout: naming } = spawnSync('grep', named, { encoding: 'utf8' });
  return `${found}${naming}`.split('\n').filter((line) => line !== '');
}

test('what was set up and used leaves nothing, also where a connection is open', async () => {
  const { user } = hardened;
  const [uid, gid] = ['-u', '-g'].map((of) => execFileSync('id', [of, user], { encoding: 'utf8' }).trim());
  if (uid === undefined || gid === undefined) throw new Error('the account has no numbers');
  const read = open('read');
  const act = open('act');
  expect(await callVerb(read, { verb: 'ping', slots: [], timeoutSeconds: 30 })).toMatchObject({
    kind: 'succeeded',
  });
  const slots = ['blog', '01234567-89ab-4def-8123-456789abcdef'];
  expect(await callVerb(act, { verb: 'site-fix-permissions', slots, timeoutSeconds: 30 })).toMatchObject({
    kind: 'succeeded',
  });
  // Rotated by the system's own means.
  await writeFile(`/var/log/${user}-dispatch.log.1`, '');
  await writeFile(`/var/log/${user}-dispatch-reads.log.1`, '');
  expect(await readdir(`/var/lib/${user}/snapshots`)).toHaveLength(1);
  expect(existsSync(`/var/log/${user}-dispatch.log`)).toBe(true);
  expect(tracesOf(user, { uid, gid }).length).toBeGreaterThan(5);

  const { stdout } = await runCommand(['sh'], { stdin: hardened.removeScript });
  expect(stdout).toMatch(/^gone: the keys, /);
  expect(tracesOf(user, { uid, gid })).toEqual([]);
  expect(spawnSync('getent', ['passwd', user]).status).toBe(2);
  expect(spawnSync('getent', ['group', user]).status).toBe(2);
});

test('a fix that is under way comes to its end first, and its record goes with the others', async () => {
  const { user } = hardened;
  const act = open('act');
  const restart = callVerb(act, { verb: 'service-restart', slots: ['no-such-service'], timeoutSeconds: 60 });
  const isAtWork = () => spawnSync('pgrep', ['-f', `^sh -c until .*${slow}`]).status === 0;
  await waitUntil(() => isAtWork(), { what: 'the fix to be under way' });
  await writeFile(join(folder.path, 'remove.sh'), hardened.removeScript);
  const removal = await startProcess({
    name: 'the removal',
    argv: ['sh', join(folder.path, 'remove.sh')],
    logFile: join(folder.path, 'remove.log'),
  });
  const isSaid = () => removal.logTail() === 'a fix is under way; this waits for its end\n';
  await waitUntil(() => isSaid(), { what: 'the removal to wait' });
  expect(existsSync(`/etc/sudoers.d/${user}`)).toBe(false);
  expect(existsSync(`/usr/local/lib/${user}/dispatch`)).toBe(true);
  await writeFile(slow, '');
  expect(await removal.ended).toMatchObject({ exitCode: 0 });
  await restart.catch(() => undefined);
  expect(isAtWork()).toBe(false);
  expect(tracesOf(user)).toEqual([]);
});

test('an account that was there before is left alone, and none is needed a second time', async () => {
  const { user } = hardened;
  await runCommand(['usermod', '--home', '/nonexistent', user]);
  try {
    const { stdout } = await runCommand(['sh'], { stdin: hardened.removeScript });
    expect(stdout).toContain(`the account ${user} was there before Steward, and stays\n`);
    expect(await readFile('/etc/passwd', 'utf8')).toContain(`${user}:`);
    expect(existsSync(`/usr/local/lib/${user}`)).toBe(false);
  } finally {
    await runCommand(['usermod', '--home', `/var/lib/${user}`, user]);
  }
  await runCommand(['sh'], { stdin: hardened.removeScript });
  await runCommand(['sh'], { stdin: hardened.removeScript });
  expect(await readFile('/etc/passwd', 'utf8')).not.toContain(`${user}:`);
});
