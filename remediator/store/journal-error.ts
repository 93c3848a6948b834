/** A journal that could not write: nothing of what was asked has happened, unless the connection broke just before the answer. */
export class JournalError extends Error {
  override readonly name: string = 'JournalError';
}
