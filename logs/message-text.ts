const MESSAGE_LIMIT = 2000;

/** The time of an event, where it is known. */
export interface EventTime {
  readonly timeMs?: number;
}

/** A message as an event keeps it: cut, and without characters that control a terminal. */
export function messageText(text: string): string {
  return text.slice(0, MESSAGE_LIMIT).replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');
}

/** The time that a text says, if it says one that can be read. */
export function timeOf(text: string): EventTime {
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? {} : { timeMs };
}
