import { CollectorError } from '../collector-error.ts';

/**
 * Takes the JSON out of what a verb printed of an answer of PHP-FPM: headers, an empty line, the body. Throws a CollectorError where
 * there is none; `refusal` says what to do where PHP-FPM refuses.
 */
export function phpFpmAnswer(printed: string, refusal: string): unknown {
  const [, headers, body] = /^answer\n(.*?)\r\n\r\n(.*)$/s.exec(printed) ?? [];
  if (headers === undefined || body === undefined)
    throw new CollectorError('bad_answer', 'what answers there does not speak as PHP-FPM does');
  const status = /^Status: ([345]\d\d)/m.exec(headers)?.[1];
  if (status !== undefined) throw new CollectorError('refused', `PHP-FPM answers ${status}; ${refusal}`);
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new CollectorError('bad_answer', 'what PHP-FPM answers is not JSON', { cause });
  }
}

/** Why the pool is down, where the verb printed that it is. */
export function phpFpmDownReason(printed: string): string | undefined {
  return printed.startsWith('down ') ? `PHP-FPM is down: ${printed.slice('down '.length).trim()}` : undefined;
}
