import { describe, expect, test } from '@jest/globals';
import { disks, parseDisks } from '../../../exporter/collectors/disks.ts';
import { brief } from '../../helpers/brief.ts';

const line = (name: string, numbers = '100 1 2000 3000 400 5 6000 7000 0 9000 10000 0 0 0 0 0 0') =>
  `   8       0 ${name} ${numbers}\n`;
const devicesIn = (diskstats: string) => [
  ...new Set(parseDisks(diskstats).map(({ labels }) => labels['device'])),
];

describe('disks', () => {
  test('are counted in bytes and seconds', () => {
    expect(brief(parseDisks(line('sda')))).toEqual([
      'host_disk_reads_completed_total sda 100',
      'host_disk_read_bytes_total sda 1024000',
      'host_disk_read_time_seconds_total sda 3',
      'host_disk_writes_completed_total sda 400',
      'host_disk_written_bytes_total sda 3072000',
      'host_disk_write_time_seconds_total sda 7',
      'host_disk_io_time_seconds_total sda 9',
      'host_disk_io_time_weighted_seconds_total sda 10',
    ]);
  });

  test('of kernels before 4.18, which count less, are read as well', () => {
    expect(devicesIn(line('sda', '1 2 3 4 5 6 7 8 9 10 11'))).toEqual(['sda']);
  });

  test('are whole devices, by whatever name', () => {
    const names = [
      'sda',
      'sda1',
      'nvme0n1',
      'nvme0n1p2',
      'md1',
      'md10',
      'md1p1',
      'xvda1',
      'mmcblk0',
      'mmcblk0p1',
    ];
    const others = ['loop0', 'ram1', 'zram0', 'sr0', 'fd0'];
    expect(devicesIn([...names, ...others].map((name) => line(name)).join(''))).toEqual([
      'sda',
      'nvme0n1',
      'md1',
      'md10',
      'xvda1',
      'mmcblk0',
    ]);
  });

  test('that were never used are left out', () => {
    expect(devicesIn(line('nbd0', '0 0 0 0 0 0 0 0 0 0 0'))).toEqual([]);
  });

  test('are bounded in number and name, and a line of garbage costs itself', () => {
    const many = Array.from({ length: 1000 }, (_, index) => line(`dm-${index}`)).join('');
    expect(devicesIn(many)).toHaveLength(64);
    expect(
      devicesIn(`${line('x'.repeat(100))}${line('a"b')}${line('sdb', '1 NaN 3')}garbage\n${line('sda')}`),
    ).toEqual(['sda']);
  });

  test('have only the metrics that are declared', () => {
    const names = new Set(parseDisks(line('sda')).map(({ metric }) => metric));
    expect([...names]).toEqual(disks.metrics);
  });
});
