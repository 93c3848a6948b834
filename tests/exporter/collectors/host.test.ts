import { describe, expect, test } from '@jest/globals';
import { parseHostFacts } from '../../../exporter/clients/host-facts.ts';
import { createLocalFactsReader } from '../../../exporter/clients/local-facts.ts';
import { parseBoot } from '../../../exporter/collectors/boot-time.ts';
import { parseCpu } from '../../../exporter/collectors/cpu.ts';
import { parseFileSystems } from '../../../exporter/collectors/filesystems.ts';
import { parseLoad } from '../../../exporter/collectors/load.ts';
import { parseMemory } from '../../../exporter/collectors/memory.ts';
import { parseNetwork } from '../../../exporter/collectors/network.ts';
import { parseServices } from '../../../exporter/collectors/services.ts';
import { brief } from '../../helpers/brief.ts';

describe('what the kernel says', () => {
  test('CPU time is in seconds, by mode, of all CPUs together', () => {
    const stat = 'cpu  100 20 300 4000 50 6 7 8 0 0\ncpu0 1 1\ncpu1 1 1\nintr 1\n';
    expect(brief(parseCpu(stat))).toEqual([
      'host_cpu_seconds_total user 1',
      'host_cpu_seconds_total nice 0.2',
      'host_cpu_seconds_total system 3',
      'host_cpu_seconds_total idle 40',
      'host_cpu_seconds_total iowait 0.5',
      'host_cpu_seconds_total irq 0.06',
      'host_cpu_seconds_total softirq 0.07',
      'host_cpu_seconds_total steal 0.08',
      'host_cpus 2',
    ]);
  });

  test('memory is in bytes', () => {
    const names = ['MemTotal', 'MemFree', 'MemAvailable', 'Buffers', 'Cached', 'SwapTotal', 'SwapFree'];
    const meminfo = names.map((name, index) => `${name}:     ${index + 1} kB\n`).join('');
    expect(brief(parseMemory(meminfo))).toContain('host_memory_available_bytes 3072');
  });

  test('load, boot time and uptime', () => {
    expect(brief(parseLoad('0.10 0.20 0.30 1/100 4242\n'))).toEqual([
      'host_load1 0.1',
      'host_load5 0.2',
      'host_load15 0.3',
    ]);
    expect(brief(parseBoot({ stat: 'btime 1700000000\n', uptime: '12.5 3\n' }))).toEqual([
      'host_boot_time_seconds 1700000000',
      'host_uptime_seconds 12.5',
    ]);
  });

  test('file systems on disks, with blanks in their mount points, and whether they can be written', () => {
    const mounts = '/dev/sda1 /mnt/my\\040disk ext4 ro,relatime 0 0\nproc /proc proc rw 0 0\n';
    const filesystems = '4096 100 50 40 10 5 /mnt/my disk\n';
    expect(brief(parseFileSystems({ mounts, filesystems }))).toEqual([
      'host_filesystem_readonly /mnt/my disk ext4 /dev/sda1 1',
      'host_filesystem_size_bytes /mnt/my disk ext4 /dev/sda1 409600',
      'host_filesystem_free_bytes /mnt/my disk ext4 /dev/sda1 204800',
      'host_filesystem_avail_bytes /mnt/my disk ext4 /dev/sda1 163840',
      'host_filesystem_files /mnt/my disk ext4 /dev/sda1 10',
      'host_filesystem_files_free /mnt/my disk ext4 /dev/sda1 5',
    ]);
  });

  test('a file system that did not answer has no sizes, and is not read as empty', () => {
    const mounts = '/dev/sda1 / ext4 rw 0 0\n';
    expect(brief(parseFileSystems({ mounts, filesystems: '' }))).toEqual([
      'host_filesystem_readonly / ext4 /dev/sda1 0',
    ]);
  });

  test('memory that stands in for a disk at /tmp is one; what else is in memory is not', () => {
    const mounts = 'tmpfs /tmp tmpfs rw 0 0\ntmpfs /run tmpfs rw 0 0\nproc /proc proc rw 0 0\n';
    expect(brief(parseFileSystems({ mounts, filesystems: '' }))).toEqual([
      'host_filesystem_readonly /tmp tmpfs tmpfs 0',
    ]);
  });

  test('what is more than any host has, or is no name, is not believed', () => {
    const line = (name: string) => `/dev/sda1 ${name} ext4 rw 0 0\n`;
    const mounts = [...Array.from({ length: 1000 }, (_, index) => `/${index}`)].map(line).join('');
    expect(parseFileSystems({ mounts, filesystems: '4096 NaN 1 1 1 1 /1\n' })).toHaveLength(64);
    const names = ['/new\\012line', `/${'x'.repeat(300)}`];
    expect(parseFileSystems({ mounts: names.map(line).join(''), filesystems: '' })).toEqual([]);
    const netDev = Array.from({ length: 1000 }, (_, index) => `eth${index}: ${'1 '.repeat(16)}\n`).join('');
    expect(parseNetwork(netDev)).toHaveLength(64 * 6);
  });

  test('traffic by interface, without those of containers', () => {
    const netDev =
      'Inter-| x\n face |bytes\n  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\nveth12: 1 2 3 4 5 6 7 8 9 10 11 12\n  bad: NaN\n';
    expect(brief(parseNetwork(netDev))).toEqual([
      'host_network_receive_bytes_total eth0 1',
      'host_network_receive_errors_total eth0 3',
      'host_network_receive_dropped_total eth0 4',
      'host_network_transmit_bytes_total eth0 9',
      'host_network_transmit_errors_total eth0 11',
      'host_network_transmit_dropped_total eth0 12',
    ]);
  });

  test.each<[string, () => unknown]>([
    ['CPU', () => parseCpu('garbage')],
    ['memory', () => parseMemory('MemTotal: 1 kB\n')],
    ['load', () => parseLoad('a b c')],
    ['boot', () => parseBoot({ stat: '', uptime: '1' })],
    ['facts', () => parseHostFacts('==> /proc/stat <==\nx\n', { askedAt: 0, answeredAt: 1 })],
  ])('garbage for %s is a failure with a reason', (_what, parse) => {
    expect(parse).toThrow(expect.objectContaining({ reason: 'bad_answer' }));
  });

  test('of this machine can be read by all of them', async () => {
    const facts = await createLocalFactsReader()();
    const samples = [
      ...parseCpu(facts.stat),
      ...parseMemory(facts.meminfo),
      ...parseLoad(facts.loadavg),
      ...parseBoot(facts),
      ...parseFileSystems(facts),
      ...parseNetwork(facts.netDev),
    ];
    expect(samples.length).toBeGreaterThan(30);
    expect(samples.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  });
});

describe('services', () => {
  const entries = [
    { name: 'php-fpm', manager: 'supervisor' },
    { name: 'nginx', manager: 'systemd' },
    { name: 'mariadb', manager: 'systemd' },
    { name: 'cron', manager: 'sysv' },
    { name: 'bot', manager: 'docker' },
  ] as const;
  const answer = [
    '== 3 php-fpm\nphp-fpm     EXITED    Nov 23 08:00 AM',
    '== 3 nginx mariadb\nactive\nfailed',
    '== 0 cron\ncron is running.',
    '== 0 bot\n/bot running',
  ].join('\n');

  test('are read as their managers write them', () => {
    expect(brief(parseServices(answer, entries))).toEqual([
      'host_service_up php-fpm supervisor 0',
      'host_service_up nginx systemd 1',
      'host_service_up mariadb systemd 0',
      'host_service_up cron sysv 1',
      'host_service_up bot docker 1',
    ]);
  });

  test('one that the host does not know of is a failure, not "down"', () => {
    expect(() => parseServices('== 0 nginx\nactive\n', entries)).toThrow(
      /nothing of php-fpm.*steward host harden/,
    );
  });
});
