import { attribute } from './attribution.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { LogEvent, LogLevel, LogSource } from './log-event.ts';
import { messageText, type EventTime } from './message-text.ts';
import { parsePhpMessage } from './php-message.ts';

const NGINX = /^[\d/]{10} [\d:]{8} \[([a-z]{1,10})\] \d+#\d+: (?:\*\d+ )?/;
const APACHE =
  /^\[(\w{3} \w{3} [ \d]\d [\d:.]{8,15} \d{4})\] \[(?:[\w-]{0,40}:)?([a-z0-9]{1,10})\] (?:\[pid [^\]]{1,40}\] )?(?:\[client [^\]]{1,80}\] )?/;
const STDERR = 'FastCGI sent in stderr: "';
const PHP_MESSAGE = 'PHP message: ';
/** What nginx says of the request after the message. */
const REQUEST = /, (?:client|server): .*$/s;
const REFERRER = /, referer: \S*$/;

const levels: Readonly<Record<string, LogLevel>> = {
  emerg: 'critical',
  alert: 'critical',
  crit: 'critical',
  error: 'error',
  warn: 'warning',
  notice: 'notice',
  info: 'info',
  debug: 'debug',
};

/**
 * Reads a record of nginx's error log (src/core/ngx_log.c). What PHP sent through FastCGI becomes PHP's own events: nginx calls all of it an
 * error, and puts several into one record. Its clock has no zone.
 */
export function parseNginxError(lines: readonly string[]): LogEvent[] {
  const text = lines.join('\n');
  const head = NGINX.exec(text);
  if (head === null) return [];
  const said = text.slice(head[0].length);
  if (said.startsWith(STDERR + PHP_MESSAGE)) return phpEvents(said.slice(STDERR.length, endOfStderr(said)));
  return [serverEvent('nginx', levels[head[1] ?? ''] ?? 'other', said.replace(REQUEST, ''), {})];
}

/** A record that nginx cut at its limit of 2048 bytes has no end. */
function endOfStderr(said: string): number {
  const end = said.lastIndexOf('" while ');
  return end === -1 ? said.length : end;
}

/**
 * Reads a record of Apache's error log (ErrorLogFormat's default), with PHP's own events from mod_php and from proxy_fcgi. Apache
 * writes line feeds as `\n`. Its clock has no zone.
 */
export function parseApacheError(lines: readonly string[]): LogEvent[] {
  const text = lines.join('\n');
  const head = APACHE.exec(text);
  if (head === null) return [];
  const said = unescape(text.slice(head[0].length).replace(REFERRER, ''));
  if (/^PHP [A-Z]/.test(said)) return [parsePhpMessage(said.split('\n'))];
  const php = said.indexOf(`'${PHP_MESSAGE}`);
  if (php !== -1) return phpEvents(said.slice(php + 1).replace(/'\s*$/, ''));
  return [serverEvent('apache', levels[head[2] ?? ''] ?? 'debug', said, {})];
}

function unescape(text: string): string {
  return text.replaceAll(/\\([nt\\"'])/g, (_all, letter: string) =>
    letter === 'n' ? '\n' : letter === 't' ? '\t' : letter,
  );
}

function phpEvents(text: string): LogEvent[] {
  return text
    .slice(PHP_MESSAGE.length)
    .split(/(?:; |\n)PHP message: /)
    .map((message) => parsePhpMessage(message.split('\n')));
}

/** An event of a server itself. */
export function serverEvent(source: LogSource, level: LogLevel, said: string, time: EventTime): LogEvent {
  const message = messageText(said);
  return {
    kind: 'event',
    ...time,
    level,
    source,
    message,
    frames: [],
    attribution: attribute({ message: said, frames: [] }),
    fingerprint: fingerprintOf(level, message),
  };
}
