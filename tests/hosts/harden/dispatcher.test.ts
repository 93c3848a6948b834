import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { askHostFacts } from '../../../exporter/clients/host-facts.ts';
import { readProcessList } from '../../../exporter/clients/process-list.ts';
import { parseProcesses } from '../../../exporter/collectors/processes.ts';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';
import { verbs, type Role, type VerbName } from '../../../hosts/verbs.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { installedDispatcher, joinedShell } from '../../helpers/dispatcher-files.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let hosts: Record<Role, Host>;

beforeAll(async () => {
  folder = await createTempFolder('steward-dispatch');
  const site = join(folder.path, 'site');
  await mkdir(join(site, 'wp-content', 'plugins', 'akismet'), { recursive: true });
  await writeFile(join(site, 'wp-config.php'), '');
  hardened = await startHardenedHost(folder.path, {
    services: '[{ name: cron, manager: sysv }, { name: no-such-service, manager: sysv }]',
    sites: `{ blog: { host: web1, url: 'http://127.0.0.1/', path: '${site}', owner: www-data } }`,
  });
  hosts = { read: hardened.open('read'), act: hardened.open('act') };
});
afterAll(async () => {
  await Promise.all(Object.values(hosts).map((host) => host.close()));
  await hardened.remove();
  await folder.remove();
});

/** Sends a line as it is, as somebody with the key could, by the real ssh. */
function ssh(role: Role, line: string, ...options: string[]) {
  return spawnSync(
    'ssh',
    [
      '-i',
      hardened.keyFiles[role],
      '-p',
      String(hardened.sshd.port),
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'LogLevel=ERROR',
      ...options,
      '--',
      `${hardened.user}@127.0.0.1`,
      ...(line === '' ? [] : [line]),
    ],
    { encoding: 'utf8', input: '' },
  );
}

describe('the dispatcher', () => {
  test('passes shellcheck', async () => {
    const input = joinedShell(await installedDispatcher(hardened.user));
    const { stdout, status } = spawnSync('shellcheck', ['-'], { encoding: 'utf8', input });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });

  test('is short enough to be read in five minutes, and names all that it takes', async () => {
    const { dispatch } = await installedDispatcher(hardened.user);
    expect(dispatch.split('\n').length).toBeLessThan(200);
    for (const verb of Object.keys(verbs)) expect(dispatch).toContain(` ${verb} `);
  });

  test('and all its parts belong to root, who alone may write to them, and others read them', async () => {
    const folder = `/usr/local/lib/${hardened.user}`;
    const others = ['-L', folder, '(', '!', '-user', 'root', '-o', '-perm', '/022', ')'];
    expect(spawnSync('find', others, { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
    // What the owners of sites run is theirs to read.
    const { partsPath } = await installedDispatcher(hardened.user);
    const asOwner = ['-u', 'www-data', 'cat', `${partsPath}/php/site-wordpress.php`];
    expect(spawnSync('sudo', asOwner, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test.each<Role>(['read', 'act'])('answers a ping with its version and the role: %s', async (role) => {
    const outcome = await callVerb(hosts[role], { verb: 'ping', timeoutSeconds: 10 });
    expect(outcome.stdout.toString()).toMatch(new RegExp(`^steward-dispatch [0-9a-f]{12} ${role}\n$`));
  });

  test('tells what the kernel says', async () => {
    const facts = await askHostFacts(hosts.read, AbortSignal.timeout(10_000));
    expect(facts.stat).toMatch(/^cpu /);
    expect(facts.clock?.text).toMatch(/^\d+\.\d{9}\n$/);
    expect(facts.filesystems).toMatch(/^\d+ \d+ \d+ \d+ \d+ \d+ \/$/m);
  });

  test('tells name and memory of each process, and whether the clock is kept right', async () => {
    const signal = AbortSignal.timeout(10_000);
    expect(parseProcesses(await readProcessList(hosts.read, signal)).length).toBeGreaterThan(2);
    const { kind, stdout } = await callVerb(hosts.read, { verb: 'host-clock', timeoutSeconds: 10 });
    expect(kind).toBe('succeeded');
    expect(stdout.toString()).toMatch(/^(NTPSynchronized=(yes|no)\n|([^,\n]*,){13}[^,\n]*\n)?$/);
  });

  test('lists the sentinels of a site', async () => {
    const { stdout } = await callVerb(hosts.read, {
      verb: 'site-sentinels',
      slots: ['blog'],
      timeoutSeconds: 10,
    });
    const paths = stdout
      .toString()
      .split('\0')
      .map((record) => record.split('\t')[5]);
    expect(paths).toEqual(expect.arrayContaining(['', 'wp-config.php', 'wp-content/plugins/akismet']));
  });

  test('tells the state of each service', async () => {
    const { stdout } = await callVerb(hosts.read, { verb: 'services', timeoutSeconds: 10 });
    const heads = stdout
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('== '));
    expect(heads.sort()).toEqual([
      expect.stringMatching(/^== \d+ cron$/),
      expect.stringMatching(/^== [1-9]\d* no-such-service$/),
    ]);
  });

  test('ends a verb that takes longer than it may', () => {
    const { status } = ssh('read', 'timeout --kill-after=1 1 timeout --kill-after=1 9 ping');
    expect(status).toBe(77);
  });

  test('writes down what it did and refused', async () => {
    ssh('act', 'site-fix-permissions other run-1');
    const log = await readFile(`/var/log/${hardened.user}-dispatch.log`, 'utf8');
    expect(log).toMatch(/^\S+Z act refused: no such site$/m);
  });
});

describe('what was read', () => {
  const reads = () => readFile(`/var/log/${hardened.user}-dispatch-reads.log`, 'utf8');

  test('is written down, too', async () => {
    await callVerb(hosts.read, { verb: 'site-sentinels', slots: ['blog'], timeoutSeconds: 10 });
    expect((await reads()).trimEnd().split('\n').at(-1)).toMatch(/^\S+Z read site-sentinels blog$/);
  });

  test('takes 1 MB, and once more as much of what was before', async () => {
    const file = `/var/log/${hardened.user}-dispatch-reads.log`;
    await writeFile(file, 'x'.repeat(1_000_000));
    await callVerb(hosts.read, { verb: 'ping', timeoutSeconds: 10 });
    expect(await reads()).toMatch(/^\S+Z read ping\n$/);
    expect(await readFile(`${file}.1`, 'utf8')).toHaveLength(1_000_000);
  });
});

describe('what is refused, with either key', () => {
  test.each([
    '',
    'id',
    'sh',
    '/bin/sh',
    'ping; id',
    'ping && id',
    'ping | id',
    'ping `id`',
    'ping $(id)',
    'ping ${HOME}',
    'ping > /tmp/x',
    'ping\nid',
    'ping\tid',
    "ping 'x'",
    'ping "x"',
    'ping *',
    'ping ../..',
    'ping x',
    '--help',
    '-c id',
    'site-permissions',
    'site-permissions other',
    'site-permissions blog blog',
    'site-permissions --help',
    'site-permissions -R',
    'site-permissions ../blog',
    'site-permissions .',
    'site-permissions BLOG',
    'site-permissions blög',
    `site-permissions ${'a'.repeat(65)}`,
    `site-permissions ${'a'.repeat(5000)}`,
    'timeout',
    'timeout 5 id',
    'timeout --kill-after=5 0 ping',
    'timeout --kill-after=5 99999 ping',
    'timeout --kill-after=5 5 id',
    'timeout --signal=9 5 ping',
    'verb_ping',
    'main read ping',
    'scp -t /tmp',
    'internal-sftp',
    '/usr/lib/openssh/sftp-server',
  ])('%j', (line) => {
    for (const role of ['read', 'act'] as const) {
      const { status, stdout, stderr } = ssh(role, line);
      expect({ status, stdout }).toEqual({ status: 77, stdout: '' });
      expect(stderr).toMatch(/^refused: .*\n$/);
    }
  });

  test('the reading key reaches no verb that changes anything', () => {
    for (const line of [
      'site-fix-permissions blog r1',
      'site-undo-permissions blog r1',
      'service-restart cron',
    ]) {
      expect(ssh('read', line)).toMatchObject({
        status: 77,
        stderr: `refused: no such verb for this key: ${line}\n`,
      });
    }
  });

  test('the acting key restarts no service that steward.yml does not name', () => {
    expect(ssh('act', 'service-restart ssh')).toMatchObject({
      status: 77,
      stderr: 'refused: no such service\n',
    });
  });

  test('no terminal, no forwarding, no file transfer', () => {
    expect(ssh('act', 'ping', '-tt')).toMatchObject({ status: 255, stdout: '' });
    expect(ssh('act', '', '-N', '-o', 'ExitOnForwardFailure=yes', '-R', '0:127.0.0.1:1').status).not.toBe(0);
    expect(ssh('act', 'sftp', '-s').status).not.toBe(0);
  });

  test('a verb that no policy uses is not there at all', async () => {
    await using other = await createTempFolder('steward-dispatch');
    const host = await startHardenedHost(other.path, { services: '[]', sites: '{}' }, new Set<VerbName>());
    const { dispatch, parts } = await installedDispatcher(host.user);
    await host.remove();
    expect(dispatch).not.toContain('fix-permissions');
    expect([...parts.keys()].filter((path) => path.startsWith('verbs/'))).toContain(
      'verbs/site-permissions.sh',
    );
    expect([...parts.keys()]).not.toContain('verbs/site-fix-permissions.sh');
  });
});
