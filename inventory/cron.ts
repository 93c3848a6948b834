import { Cron } from 'croner';

const FIELDS = /^[^\s:@]+(?: +[^\s:@]+){4}$/;
const NICKNAME = /^@(?:yearly|annually|monthly|weekly|daily|hourly)$/;
const MAX_CHARACTERS = 100;

/**
 * The first time after a moment at which a cron expression is due, both in milliseconds since the epoch; undefined where it never is.
 * A time that daylight saving leaves out is due as much later as the clock jumped, and one that comes twice is due at its first coming.
 * Throws where the expression or the time zone is none.
 */
export function nextDueMs(expression: string, timezone: string, afterMs: number): number | undefined {
  const cron = new Cron(expression, { timezone, paused: true, mode: '5-part' });
  return cron.nextRun(new Date(afterMs))?.getTime();
}

/** Whether a text is a cron expression of five fields, or a nickname such as `@daily`, that is due at some time. */
export function isCronExpression(text: string): boolean {
  if (text.length > MAX_CHARACTERS || !(FIELDS.test(text) || NICKNAME.test(text))) return false;
  try {
    return nextDueMs(text, 'UTC', Date.UTC(2000)) !== undefined;
  } catch {
    return false;
  }
}

/** Whether a text names a time zone, such as `Europe/Berlin`. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
