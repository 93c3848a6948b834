const SAFE_WORD = /^[A-Za-z0-9_=:,@%+./-]+$/;

/**
 * Quotes one word for a POSIX shell: the shell reads back exactly the same bytes.
 * Throws a TypeError where the word holds a NUL byte, which no argument can.
 */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new TypeError('an argument cannot hold a NUL byte');
  return SAFE_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Quotes an argument vector as one line for a POSIX shell. */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}
