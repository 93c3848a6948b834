import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { AlertFault } from './alert-fault.ts';
import { saysInstead } from './file-systems.ts';
import type { Stage } from './stage.ts';

const onHost = (script: string) => (stage: Stage) => stage.parts.onHost(script);
const says = (file: string, program: string) => onHost(saysInstead(file, program));

/** Has a service stop and start three times, each seen. */
async function flap(stage: Stage): Promise<void> {
  const shown = (value: number) => stage.shown(`host_service_up{name="nginx"} == ${value}`);
  for (let times = 0; times < 3; times += 1) {
    await stage.service('stop', 'nginx');
    await shown(0);
    await stage.service('start', 'nginx');
    await shown(1);
  }
}

/** The machine that the tests run on may be short of room, too. */
const CACHE = { mountpoint: '/var/cache' } as const;
const LAB = { instance: 'lab' } as const;

/** File systems that fill up, or break. */
export const disks: readonly AlertFault[] = [
  {
    description: 'apt downloads so much that 7 % of a file system are left',
    alerts: ['DiskAlmostFull', 'DiskFillsSoon'],
    of: { DiskAlmostFull: CACHE, DiskFillsSoon: CACHE },
    inject: ({ parts }) => parts.fillCache(),
  },
  {
    description: 'a file system has a file for nearly each of its inodes',
    alerts: ['InodesAlmostUsed', 'InodesUsedSoon'],
    inject: onHost('free=$(stat -fc %d /mnt); for each in $(seq $((free - 2))); do : >/mnt/$each; done'),
  },
  {
    description: 'a file system was made read-only, as the kernel does with one that has errors',
    alerts: ['FileSystemReadOnly'],
    inject: onHost('mount -o remount,ro /media'),
  },
];

/** The rest of it is taken, too. */
export const fullDisk: AlertFault = {
  description: 'nothing is left of a file system',
  alerts: ['DiskFull'],
  of: { DiskFull: CACHE },
  inject: onHost('head -c 60M /dev/zero >/var/cache/more || true'),
};

/** What a host says of itself where its kernel would have to be in need: the files of /proc are real ones but for one number. */
export const machines: readonly AlertFault[] = [
  {
    description: 'one part in a hundred of the memory is available',
    alerts: ['MemoryLow'],
    of: { MemoryLow: LAB },
    inject: says(
      '/proc/meminfo',
      `awk '/^MemTotal/ { total = $2 } /^MemAvailable/ { $2 = int(total / 100) } { print }' /proc/meminfo`,
    ),
  },
  {
    description: 'the kernel killed a process for its memory',
    alerts: ['OomKill'],
    inject: says('/proc/vmstat', `awk '$1 == "oom_kill" { $2 += 1 } { print }' /proc/vmstat`),
  },
  {
    description: 'processes waited for memory for a minute',
    alerts: ['HostUnderPressure'],
    of: { HostUnderPressure: LAB },
    inject: says(
      '/proc/pressure/memory',
      `awk -F total= '{ printf "%stotal=%d\\n", $1, $2 + 60e6 }' /proc/pressure/memory`,
    ),
  },
  {
    description: 'nine tenths of the connections that the kernel follows are there',
    alerts: ['ConnectionTrackingAlmostFull'],
    inject: says(
      '/proc/sys/net/netfilter/nf_conntrack_count',
      'expr $(cat /proc/sys/net/netfilter/nf_conntrack_max) / 10 \\* 9',
    ),
  },
  {
    description: 'nine tenths of the files that the kernel opens are open',
    alerts: ['OpenFilesNearLimit'],
    inject: says('/proc/sys/fs/file-nr', `printf '900\\t0\\t1000\\n'`),
  },
  {
    description: 'the clock is ten seconds ahead',
    alerts: ['ClockWrong'],
    inject: onHost(`cp /usr/bin/date /run/date; chmod 755 /run/date
      printf '#!/bin/sh\\nexec /run/date -d "10 seconds" "$@"\\n' >/run/fast-date; chmod 755 /run/fast-date
      mount --bind /run/fast-date /usr/bin/date`),
  },
];

/** What a clock, a package and a service do. */
export const operation: readonly AlertFault[] = [
  {
    description: 'nothing synchronizes the clock',
    alerts: ['ClockNotSynchronized'],
    async inject(stage) {
      await stage.parts.onHost(`printf '#!/bin/sh\\necho NTPSynchronized=no\\n' >/run/timedatectl
        chmod 755 /run/timedatectl
        mount --bind /run/timedatectl /usr/bin/timedatectl`);
      await stage.readAgain('lab', 'clock-sync');
    },
  },
  {
    description: 'a package asks for a restart, for days',
    alerts: ['RestartWaits'],
    inject: onHost(': >/run/reboot-required'),
  },
];

/** A service that comes and goes; the site does so with it. */
export const flapping: AlertFault = {
  description: 'nginx stops three times, and is started again',
  alerts: [
    'ServiceDown',
    'ServiceFlapping',
    'SiteDown',
    'SiteErrorBudgetBurnsFast',
    'SiteErrorBudgetBurnsSlowly',
  ],
  inject: flap,
};

/** Something else uses all processors, in what time others leave. */
export const busy: AlertFault = {
  description: 'a program uses all processors',
  alerts: ['CpuBusy'],
  inject(_stage, ended) {
    for (let index = 0; index < availableParallelism(); index += 1)
      spawn('setpriv', ['--pdeathsig', 'TERM', 'nice', '-n', '19', 'sh', '-c', 'while :; do :; done'], {
        stdio: 'ignore',
        signal: ended,
      }).on('error', () => undefined);
  },
};

/** Its counters begin anew, and the machine beneath took half of the time. */
export const restarted: AlertFault = {
  description: 'a host was restarted, and the machine beneath it takes half of its time',
  alerts: ['HostRestarted', 'CpuStolen'],
  inject: says(
    '/proc/stat',
    `awk -v now="$(date +%s)" '/^cpu/ { $5 += 100000; $9 += 100000 } /^btime/ { $2 = now - 60 } { print }' /proc/stat`,
  ),
};

/** Nothing answers there any more. */
export const hostDown: AlertFault = {
  description: 'sshd has ended',
  alerts: ['HostDown', 'DataOld'],
  // The checksums of a site without a WordPress are old from its start.
  of: { DataOld: { instance: 'grid', collector: 'logs' } },
  inject: ({ parts }) => parts.endSshd(),
};
