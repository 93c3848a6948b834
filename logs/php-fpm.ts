import { attribute } from './attribution.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { LogEvent, LogFrame, LogLevel } from './log-event.ts';
import { messageText } from './message-text.ts';
import { parsePhpMessage } from './php-message.ts';
import { serverEvent } from './web-server-error.ts';

const HEAD = /^\[[^\]]{10,40}\] ([A-Z]{4,8}): /;
const STDERR = /^\[pool [^\]]{1,100}\] child \d{1,10} said into stderr: "(.*?)"?(?:, pipe is closed)?$/;
const NOTICE = 'NOTICE: PHP message: ';
const SLOW_FRAME = /^\[0x[0-9a-f]{1,16}\] (.{1,500}?) ([^ ]{1,1000}):(\d{1,9})$/;

/** The words of sapi/fpm/fpm/zlog.c. */
const levels: Readonly<Record<string, LogLevel>> = {
  ALERT: 'critical',
  ERROR: 'error',
  WARNING: 'warning',
  NOTICE: 'notice',
  DEBUG: 'debug',
};

/**
 * Reads a record of php-fpm's log. With `catch_workers_output` php-fpm wraps each line that a worker wrote; those of one message are
 * read as PHP's own event. Its clock has no zone.
 */
export function parsePhpFpm(lines: readonly string[]): LogEvent[] {
  const [first = ''] = lines;
  const head = HEAD.exec(first);
  if (head === null) return [];
  const said = first.slice(head[0].length);
  if (!STDERR.test(said)) return [serverEvent('php-fpm', levels[head[1] ?? ''] ?? 'other', said, {})];
  return [parsePhpMessage(lines.map(workerText))];
}

function workerText(line: string): string {
  const text = STDERR.exec(line.replace(HEAD, ''))?.[1] ?? '';
  return text.startsWith(NOTICE) ? text.slice(NOTICE.length) : text;
}

/** Reads a record of php-fpm's slow log (sapi/fpm/fpm/fpm_php_trace.c): one request that took too long, and where it was. */
export function parsePhpFpmSlow(lines: readonly string[]): LogEvent[] {
  const script = lines
    .find((line) => line.startsWith('script_filename = '))
    ?.slice('script_filename = '.length);
  if (script === undefined) return [];
  const frames = lines.flatMap(slowFrame).slice(0, 100);
  const [inner] = frames;
  const place =
    inner?.file === undefined ? {} : { file: inner.file, ...(inner.line && { line: inner.line }) };
  const message = messageText(`slow request: ${script}`);
  return [
    {
      kind: 'event',
      level: 'warning',
      source: 'php-fpm-slow',
      message,
      ...place,
      frames,
      attribution: attribute({ message, ...place, frames }),
      fingerprint: fingerprintOf('warning', message, place),
    },
  ];
}

function slowFrame(line: string): LogFrame[] {
  const [, call, file, number] = SLOW_FRAME.exec(line) ?? [];
  if (call === undefined || file === undefined) return [];
  return [{ call: call.replace(/\(.*$/, ''), file, line: Number(number) }];
}
