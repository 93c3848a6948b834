import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLocalFactsReader } from '../../../exporter/clients/local-facts.ts';
import { readProcessList } from '../../../exporter/clients/process-list.ts';
import { parseFileSystems } from '../../../exporter/collectors/filesystems.ts';
import { createLocalHost } from '../../../hosts/local/local-host.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-mounted');
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

/** What a machine's /proc has that every reader of it needs; each text says where it is from. */
async function writeMachine(): Promise<void> {
  const files = ['stat', 'meminfo', 'loadavg', 'uptime', 'diskstats', 'vmstat', 'sys/fs/file-nr'];
  const ofReader = ['net/dev', 'mounts', 'sys/net/netfilter/nf_conntrack_count'];
  for (const file of [...files, ...ofReader, '1/net/dev']) await put(`proc/${file}`, `the machine's ${file}`);
  await put('proc/1/mounts', '/dev/vda1 / ext4 rw 0 0\n/dev/vdb1 /srv/data xfs ro 0 0\n');
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(at(join(path, '..')), { recursive: true });
  await writeFile(at(path), text);
}

test('a machine that is mounted is read there, and what each process has of its own at the first process', async () => {
  await writeMachine();
  const asked: string[] = [];
  const facts = await createLocalFactsReader({
    root: folder.path,
    askSizes(path) {
      asked.push(path);
      return statfs('/');
    },
  })();
  expect(facts).toMatchObject({
    stat: "the machine's stat",
    meminfo: "the machine's meminfo",
    netDev: "the machine's 1/net/dev",
    isRebootRequired: false,
    clock: undefined,
  });
  // The firewall's connections are those of the reader's own network.
  expect(facts.conntrack).toEqual({ count: undefined, max: undefined });
  expect(asked).toEqual([at('/'), at('srv/data')]);
  const sizes = parseFileSystems(facts).filter(({ metric }) => metric.name === 'host_filesystem_size_bytes');
  expect(sizes.map(({ labels }) => labels['mountpoint'])).toEqual(['/', '/srv/data']);
});

test('an update that waits for a restart is seen below the mount alone', async () => {
  await writeMachine();
  await put('run/reboot-required', '');
  expect(await createLocalFactsReader({ root: folder.path })()).toMatchObject({ isRebootRequired: true });
});

test('where nothing is mounted, or its first process is hidden, that is what is said', async () => {
  await expect(createLocalFactsReader({ root: folder.path })()).rejects.toMatchObject({
    reason: 'refused',
    message: `nothing is to be seen of ${at('proc/1')}: docs/this-machine.md says how a machine is mounted there`,
  });
});

test('its processes are read there', async () => {
  await put('proc/7/status', 'Name:\tnginx\nVmRSS:\t  12 kB\n');
  const list = await readProcessList(
    createLocalHost('here', 'steward'),
    AbortSignal.timeout(5000),
    folder.path,
  );
  expect(list).toBe('Name:\tnginx\nVmRSS:\t  12 kB\n');
});

test('what nobody is told inside of a namespace of its own is the machine’s at its first process', async () => {
  // A reader in another network and with other mounts, without any right, as in a container.
  const script = `
import { createLocalFactsReader } from ${JSON.stringify(join(process.cwd(), 'exporter/clients/local-facts.ts'))};
const facts = await createLocalFactsReader({ root: ${JSON.stringify(at('host'))} })();
const { filesystems, netDev, mounts } = facts;
process.stdout.write(JSON.stringify({ filesystems, netDev, mounts }));
`;
  await mkdir(at('host'));
  await writeFile(at('read.mjs'), script);
  for (const path of [folder.path, at('host')]) await chmod(path, 0o755);
  const inside = `mount --rbind / '${at('host')}' && exec setpriv --reuid 61000 --regid 61000 --clear-groups --bounding-set=-all "$@"`;
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['--net', '--mount', 'sh', '-c', inside, 'sh', process.execPath, at('read.mjs')],
    { encoding: 'utf8' },
  );
  expect(stderr.replaceAll(/^.*(?:ExperimentalWarning|trace-warnings).*\n/gm, '')).toBe('');
  const seen = JSON.parse(stdout) as { filesystems: string; netDev: string; mounts: string };
  const interfaces = (text: string) => [...text.matchAll(/^ *(\S+):/gm)].map(([, name]) => name);
  expect(interfaces(seen.netDev)).toEqual(interfaces(await readFile('/proc/1/net/dev', 'utf8')));
  expect(interfaces(seen.netDev).length).toBeGreaterThan(1);
  expect(seen.mounts).not.toContain(folder.path);
  expect(seen.filesystems).toMatch(/^[\d ]+ \/$/m);
});
