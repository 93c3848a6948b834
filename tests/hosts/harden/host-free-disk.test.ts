import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { callVerb, dispatcherPath } from '../../../hosts/call-verb.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
beforeAll(async () => {
  folder = await createTempFolder('steward-free');
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: '{}' });
});
afterAll(async () => {
  await hardened.remove();
  await folder.remove();
});

/**
 * Runs the verb by the installed dispatcher, in a mount namespace where /var/log and the like are empty file systems of its own:
 * what this machine has there stays. `prepare` fills them, and what `show` prints is told after what the verb said.
 */
function freeDisk(prepare: string, show: string): Readonly<Record<'said' | 'shown' | 'stderr', string>> {
  const script = `set -e
    mount -t tmpfs none /var/log
    mount -t tmpfs none /var/cache/apt
    mount -t tmpfs none "$state/snapshots" 2>/dev/null || { mkdir -p "$state/snapshots"; mount -t tmpfs none "$state/snapshots"; }
    mkdir -p /var/cache/apt/archives/partial
    put() { mkdir -p "$(dirname "$2")"; head -c "$1" /dev/zero >"$2"; touch -d "$3" "$2"; }
    ${prepare}
    "$dispatcher" act host-free-disk web1 || echo "exit code $?"
    echo ===
    ${show}`;
  const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], {
    encoding: 'utf8',
    env: {
      ...process.env,
      dispatcher: dispatcherPath(hardened.user),
      state: `/var/lib/${hardened.user}`,
    },
  });
  const [said = '', shown = ''] = stdout.split('===\n');
  return { said, shown, stderr };
}

describe('host-free-disk', () => {
  test('removes rotated and compressed logs that are old, by their names, and nothing else below /var/log', () => {
    const gone = [
      'syslog.2.gz',
      'nginx/access.log.14.gz',
      'messages-20240101.xz',
      'app/app.log-20240101-1704067200.bz2',
      'debug.log.steward-20240101T000000Z.log.gz',
    ];
    const kept = [
      'app/app.log',
      'app/backup-20240101.gz',
      'app/notes.gz',
      'app/shop.sql.1.gz',
      'auth.log.1',
      'backups/all.1.gz',
      'home.tar.3.gz',
      'mysql/dump/1.2.gz',
      'photos-2024.gz',
      'v1.2345.gz',
    ];
    const { said, shown } = freeDisk(
      `for each in ${[...gone, ...kept].join(' ')}; do put 8192 "/var/log/$each" '20 days ago'; done
       put 8192 /var/log/young.log.2.gz '13 days ago'`,
      'cd /var/log; find . -type f ! -name "*-dispatch*.log" | sort',
    );
    expect(said).toBe('rotated logs: 40960 bytes\nfreed 40960 bytes\n');
    expect(shown).toBe([...kept, 'young.log.2.gz'].map((name) => `./${name}\n`).join(''));
  });

  test('follows no link, leaves files with several names, and stays on the file system', () => {
    const { said, shown } = freeDisk(
      `put 8192 ${folder.path}/outside/a.log.2.gz '20 days ago'
       ln -s ${folder.path}/outside /var/log/linked
       ln -s ${folder.path}/outside/a.log.2.gz /var/log/b.log.2.gz
       touch -h -d '20 days ago' /var/log/b.log.2.gz
       put 8192 /var/log/one.log.2.gz '20 days ago'
       ln /var/log/one.log.2.gz /var/log/two.log.2.gz
       mkdir /var/log/remote
       mount -t tmpfs none /var/log/remote
       put 8192 /var/log/remote/c.log.2.gz '20 days ago'
       name=$(printf 'a\\n/etc/passwd.2.gz')
       put 8192 "/var/log/$name" '20 days ago'`,
      `cd /var/log; find . -name '*.gz' | sort; ls ${folder.path}/outside; head -c 4 /etc/passwd`,
    );
    expect(said).toBe('rotated logs: 8192 bytes\nfreed 8192 bytes\n');
    expect(shown).toBe('./b.log.2.gz\n./one.log.2.gz\n./remote/c.log.2.gz\n./two.log.2.gz\na.log.2.gz\nroot');
  });

  test("empties apt's downloads by apt itself, and forgets records of fixes that are older than a month", () => {
    const { said, shown } = freeDisk(
      `put 100000 /var/cache/apt/archives/acme_1.0_all.deb now
       put 100000 "$state/snapshots/old/blog" '40 days ago'
       put 100000 "$state/snapshots/young/blog" '2 days ago'
       touch -d '40 days ago' "$state/snapshots/old"`,
      'ls -A /var/cache/apt/archives "$state/snapshots"',
    );
    expect(said).toMatch(/^packages: (\d+) bytes\nsnapshots: 102400 bytes\nfreed \d+ bytes\n$/);
    expect(shown).not.toContain('acme');
    expect(shown).toMatch(/snapshots:\nyoung\n$/);
  });

  test("takes systemd's journal down to 200 MB by journalctl, the oldest first", () => {
    const file = (number: number) =>
      `/var/log/journal/$id/system@0123456789abcdef0123456789abcdef-000000000000000${number}-0005d${number}0000000000.journal`;
    // n_entries of the header, https://systemd.io/JOURNAL_FILE_FORMAT: a file without an entry is always removed.
    const oneEntry = "printf '\\001' | dd bs=1 seek=152 conv=notrunc status=none of=";
    const { said, shown } = freeDisk(
      `id=$(cat /etc/machine-id)
       mount -o remount,size=400M /var/log
       mkdir -p "/var/log/journal/$id"
       ${[1, 2, 3].map((number) => `fallocate -l 100M ${file(number)}; ${oneEntry}${file(number)}`).join('\n')}`,
      'ls /var/log/journal/*/ | cut -d - -f 2',
    );
    expect(said).toBe('journal: 104857600 bytes\nfreed 104857600 bytes\n');
    expect(shown).toBe('0000000000000002\n0000000000000003\n');
  });

  test('a second time frees nothing, and where nothing of that is there it says so', () => {
    expect(freeDisk(':', ':').said).toBe('freed 0 bytes\n');
  });

  test('of a part that fails it tells, and does the others', () => {
    const { said, stderr } = freeDisk(
      `put 8192 /var/log/a.log.2.gz '20 days ago'
       put 8192 /var/cache/apt/archives/acme_1.0_all.deb now
       mount --bind /bin/false /usr/bin/apt-get`,
      ':',
    );
    expect(said).toContain('rotated logs: 8192 bytes\nfreed 8192 bytes\nexit code 1\n');
    expect(stderr).toBe('packages: failed\n');
  });
});

test('the id of another host is refused', async () => {
  const host = hardened.open('act');
  const outcome = await callVerb(host, { verb: 'host-free-disk', slots: ['web2'], timeoutSeconds: 20 });
  await host.close();
  expect(outcome).toMatchObject({ kind: 'failed', exitCode: 77 });
  expect(outcome.stderr.toString()).toBe('refused: another host\n');
});
