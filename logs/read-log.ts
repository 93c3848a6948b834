import type { LogFormat } from '../inventory/schema/log-file.ts';
import { parseAccess } from './access-log.ts';
import { parseFreqtrade } from './freqtrade-log.ts';
import { gatherRecords, type OpenRecords } from './gather-records.ts';
import type { LogItem } from './log-event.ts';
import { timeOf } from './message-text.ts';
import { parsePhpFpm, parsePhpFpmSlow } from './php-fpm.ts';
import { parsePhpMessage } from './php-message.ts';
import { noOpenLine, splitLines, textOf, type OpenLine } from './split-lines.ts';
import { parseApacheError, parseNginxError } from './web-server-error.ts';

/** Where the reading of a log stands between two pieces of it: what has begun and not ended. It is plain JSON. */
export interface LogPosition {
  readonly line: OpenLine;
  readonly records: OpenRecords;
}

/** Nothing has begun. */
export const logStart: LogPosition = { line: noOpenLine, records: {} };

/** What a piece of a log gave. */
export interface LogReading {
  readonly items: readonly LogItem[];
  readonly position: LogPosition;
  /** Lines that were cut at the limit. */
  readonly cut: number;
  /** Lines that say nothing in the format of the log. */
  readonly dropped: number;
}

const PHP_HEAD = /^\[(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d:\d\d:\d\d)(?: ([^\]]{1,60}))?\] ?/;

const parsers: Readonly<Record<LogFormat, (lines: readonly string[]) => readonly LogItem[]>> = {
  'wordpress-debug': parsePhpLog,
  'php-error': parsePhpLog,
  'php-fpm': parsePhpFpm,
  'php-fpm-slow': parsePhpFpmSlow,
  'nginx-error': parseNginxError,
  'apache-error': parseApacheError,
  'nginx-access': (lines) => parseAccess('nginx', lines),
  'apache-access': (lines) => parseAccess('apache', lines),
  freqtrade: parseFreqtrade,
};

/** Reads the next piece of a log. However the log is cut into pieces, it gives the same. */
export function readLog(format: LogFormat, before: LogPosition, bytes: Buffer): LogReading {
  const { lines, open, cut } = splitLines(before.line, bytes);
  const { records, open: openRecords, dropped } = gatherRecords(format, before.records, lines);
  const parsed = records.map(parsers[format]);
  return {
    items: parsed.flat(),
    position: { line: open, records: openRecords },
    cut,
    dropped: dropped + parsed.filter((items) => items.length === 0).length,
  };
}

/** Takes for whole what has begun: a record that nothing was added to for a while. A line that has not ended stays open. */
export function endRecords(format: LogFormat, { line, records }: LogPosition): LogReading {
  const parsed = Object.values(records).map(parsers[format]);
  return {
    items: parsed.flat(),
    position: { line, records: {} },
    cut: 0,
    dropped: parsed.filter((items) => items.length === 0).length,
  };
}

/** Takes for whole all that has begun, the open line too: nothing more will be added to the file. */
export function endLog(format: LogFormat, before: LogPosition): LogReading {
  const last = textOf(before.line) === '' ? Buffer.alloc(0) : Buffer.from('\n');
  const { items, position, cut, dropped } = readLog(format, before, last);
  const rest = endRecords(format, position);
  return { ...rest, items: [...items, ...rest.items], cut, dropped: dropped + rest.dropped };
}

/** PHP's clock is in the zone that its log names; one that is not UTC is not worked out. */
function parsePhpLog(lines: readonly string[]): readonly LogItem[] {
  const [first = '', ...rest] = lines;
  const head = PHP_HEAD.exec(first);
  if (head === null) return [];
  const [whole, day = '', month = '', year = '', clock = '', zone] = head;
  const time = zone === 'UTC' ? timeOf(`${day} ${month} ${year} ${clock} UTC`) : {};
  return [parsePhpMessage([first.slice(whole.length), ...rest], time)];
}
