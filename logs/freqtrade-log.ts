import { fingerprintOf } from './fingerprint.ts';
import type { LogEvent, LogFrame, LogLevel } from './log-event.ts';
import { messageText } from './message-text.ts';

/** LOGFORMAT of freqtrade/loggers/__init__.py. */
const HEAD = /^[\d-]{10} [\d:,]{12} - ([\w.]{1,200}) - ([A-Z]{4,8}) - (.*)$/s;
const PYTHON_FRAME = /^ {2}File "([^"]{1,1000})", line (\d{1,9}), in (.{1,200})$/;
const FRAME_LIMIT = 100;

const levels: Readonly<Record<string, LogLevel>> = {
  CRITICAL: 'critical',
  ERROR: 'error',
  WARNING: 'warning',
  INFO: 'info',
  DEBUG: 'debug',
};

/** The levels that freqtrade's messages have, worst first. */
export const freqtradeLevels: readonly LogLevel[] = [...Object.values(levels), 'other'];

/** The level that freqtrade, which is written in Python, calls by a name. */
export function freqtradeLevelOf(name: string): LogLevel {
  return (Object.hasOwn(levels, name) ? levels[name] : undefined) ?? 'other';
}

/** Reads a record of freqtrade's log, with the Python traceback after it. Its clock has no zone. */
export function parseFreqtrade(lines: readonly string[]): LogEvent[] {
  const head = HEAD.exec(lines[0] ?? '');
  if (head === null) return [];
  const level = freqtradeLevelOf(head[2] ?? '');
  const message = messageText([head[3] ?? '', ...exceptionOf(lines)].join('\n'));
  // Python prints the innermost call last.
  const frames = lines.flatMap(frameOf).toReversed().slice(0, FRAME_LIMIT);
  const [inner] = frames;
  const place =
    inner?.file === undefined ? {} : { file: inner.file, ...(inner.line && { line: inner.line }) };
  return [
    {
      kind: 'event',
      level,
      source: 'freqtrade',
      message,
      ...place,
      frames,
      attribution: { kind: 'other', slug: '' },
      fingerprint: fingerprintOf(level, message, place),
    },
  ];
}

/** The last line of a traceback that is not indented names the exception. */
function exceptionOf(lines: readonly string[]): string[] {
  const start = lines.indexOf('Traceback (most recent call last):');
  const last = start === -1 ? undefined : lines.findLast((line, at) => at > start && /^\S/.test(line));
  return last === undefined ? [] : [last];
}

function frameOf(line: string): LogFrame[] {
  const [, file, number, call] = PYTHON_FRAME.exec(line) ?? [];
  return file === undefined || call === undefined ? [] : [{ file, line: Number(number), call }];
}

/** What freqtrade's messages are about, by their words in its sources. */
const kinds = {
  outdated_history: /^Outdated history for pair /,
  retrying: /\. Retrying still for \d+ times\./,
  gave_up: / returned exception: .*Giving up\./s,
  rate_limit: /DDosProtection backoff delay/,
  temporary_error: /^Error: .*, retrying in \d+ seconds\.\.\./s,
  operational_error: /^OperationalException\./,
  stoploss: /^Unable to place a stoploss order on exchange/,
  state_change: /^Changing state /,
  heartbeat: /^Bot heartbeat\. /,
} as const;

/** A kind of message that freqtrade writes. */
export type FreqtradeKind = keyof typeof kinds | 'other';

/** The kinds of messages, `other` last. */
export const freqtradeKinds: readonly FreqtradeKind[] = [
  ...(Object.keys(kinds) as (keyof typeof kinds)[]),
  'other',
];

/** Says what kind of message an event of freqtrade is. */
export function freqtradeKindOf({ message }: Pick<LogEvent, 'message'>): FreqtradeKind {
  return freqtradeKinds.find((kind) => kind !== 'other' && kinds[kind].test(message)) ?? 'other';
}
