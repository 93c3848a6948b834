import type { Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const open = gauge('host_files_open', 'Files that all programs together hold open.');
const limit = gauge('host_files_open_limit', 'Files that all programs together may hold open.');

/** Open files of the whole host. */
export const openFiles: Collector<HostTarget> = {
  name: 'open-files',
  metrics: [open, limit],
  collect: async ({ facts }, signal) => parseOpenFiles((await facts(signal)).fileNr),
};

/** Reads /proc/sys/fs/file-nr: allocated, free of these (0 since Linux 2.6), and the limit (proc_sys_fs(5)). */
export function parseOpenFiles(fileNr: string): Sample[] {
  const [, allocated, free, most] = /^(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(fileNr) ?? [];
  if (allocated === undefined || free === undefined || most === undefined) {
    throw new CollectorError('bad_answer', '/proc/sys/fs/file-nr does not hold three numbers');
  }
  return [sample(open, Number(allocated) - Number(free)), sample(limit, Number(most))];
}
