import { createHash } from 'node:crypto';
import type { LogFormat } from './schema/log-file.ts';

/** What may have logs: a site has several, a bot one. */
export interface LogOwner {
  readonly logs?: readonly { readonly file: string; readonly format: LogFormat }[];
  readonly log?: string | undefined;
}

/** A log as it is watched. */
export interface WatchedLog {
  /** The value of the `log` label: its format, and from the second of one format on a number. */
  readonly name: string;
  readonly file: string;
  readonly format: LogFormat;
  /** Eight hexadecimal digits of its path: a host that was set up before steward.yml changed is known by them. */
  readonly key: string;
}

/** Returns the logs of a site or bot. Their order is that of steward.yml: a host knows them by their place in it. */
export function logsOf({ logs = [], log }: LogOwner): WatchedLog[] {
  const all = [...logs, ...(log === undefined ? [] : [{ file: log, format: 'freqtrade' as const }])];
  return all.map(({ file, format }, index) => {
    const before = all.slice(0, index).filter((other) => other.format === format).length;
    return { name: before === 0 ? format : `${format}-${before + 1}`, file, format, key: keyOf(file) };
  });
}

function keyOf(file: string): string {
  return createHash('sha256').update(file).digest('hex').slice(0, 8);
}
