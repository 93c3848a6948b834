import { attribute } from './attribution.ts';
import { fingerprintOf } from './fingerprint.ts';
import { messageText, type EventTime } from './message-text.ts';
import type { LogEvent, LogFrame, LogLevel } from './log-event.ts';

/** The words of PHP's own log (main/main.c, php_error_cb). */
const levels: Readonly<Record<string, LogLevel>> = {
  'Fatal error': 'fatal',
  'Recoverable fatal error': 'fatal',
  'Catchable fatal error': 'fatal',
  'Parse error': 'fatal',
  Warning: 'warning',
  Notice: 'notice',
  'Strict Standards': 'deprecated',
  Deprecated: 'deprecated',
};

const HEADER = /^PHP ([A-Z][A-Za-z ]{3,30}): {1,2}/;
const LINE_AT_END = /(?: on line |:)(\d{1,9})$/;
const FRAME = /^#\d{1,4} (?:\[internal function\]|(.+)\((\d{1,9})\)): (.+)$/;
const DATABASE_ERROR = 'WordPress database error ';
const FRAME_LIMIT = 100;

/**
 * Reads one message of PHP, as it stands after the time in PHP's own log. Blank lines mean nothing: php-fpm leaves them out. Text
 * that has no level, as error_log() writes it, is level `other`.
 */
export function parsePhpMessage(lines: readonly string[], time: EventTime = {}): LogEvent {
  const [first = '', ...rest] = lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  const word = HEADER.exec(first);
  const level = word?.[1] === undefined ? undefined : levels[word[1]];
  if (word === null || level === undefined) return plainText([first, ...rest].join('\n'), time);
  const body = [first.slice(word[0].length), ...rest];
  const traceAt = body.findIndex((line) => line === 'Stack trace:' || line.startsWith('  thrown in '));
  const head = (traceAt === -1 ? body : body.slice(0, traceAt)).join('\n');
  const { said, place } = withoutPlace(head);
  const frames = body.flatMap(frameOf).slice(0, FRAME_LIMIT);
  const message = messageText(said);
  return {
    kind: 'event',
    ...time,
    level,
    source: 'php',
    message,
    ...place,
    frames,
    attribution: attribute({ message: said, ...place, frames }),
    fingerprint: fingerprintOf(level, message, place),
  };
}

/** A message ends with where it happened: ` in <file>:<line>` before a trace, ` in <file> on line <line>` without one. */
function withoutPlace(head: string): { said: string; place: { file?: string; line?: number } } {
  const end = LINE_AT_END.exec(head);
  const at = end === null ? -1 : head.lastIndexOf(' in ', end.index);
  if (end === null || at === -1) return { said: head, place: {} };
  const place = { file: head.slice(at + ' in '.length, end.index), line: Number(end[1]) };
  return { said: head.slice(0, at), place };
}

function plainText(text: string, time: EventTime): LogEvent {
  const isDatabaseError = text.startsWith(DATABASE_ERROR);
  const level = isDatabaseError ? 'error' : 'other';
  const message = messageText(text);
  return {
    kind: 'event',
    ...time,
    level,
    source: isDatabaseError ? 'wordpress' : 'php',
    message,
    frames: [],
    attribution: attribute({ message: text, frames: [] }),
    fingerprint: fingerprintOf(level, message),
  };
}

function frameOf(line: string): LogFrame[] {
  const [matched, file, number, call = ''] = FRAME.exec(line) ?? [];
  if (matched === undefined) return [];
  return [{ ...(file === undefined ? {} : { file, line: Number(number) }), call: withoutArguments(call) }];
}

function withoutArguments(call: string): string {
  const start = call.indexOf('(');
  return start === -1 ? call : call.slice(0, start);
}
