/** Control characters but line breaks, those that turn the direction of a text, and halves of characters. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/gu;
const USER_IN_URL = /:\/\/[^\s/@]+@/g;
const NAMED_SECRET =
  /\b(\w*(?:passw(?:or)?d|pwd|secret|token|authorization|api[_-]?key))(["']?\s*[:=]\s*)(?:(?:basic|bearer)\s+)?(?:"[^"]*"?|'[^']*'?|\S+)/gi;
const BEARER = /\b(basic|bearer)\s+[\w+/=.~-]{8,}/gi;

/**
 * A text of somebody else's, such as what a program on a host printed, with `<secret>` for what looks like one, and a mark for what does not print. It
 * may have been called with a password, or have one in its configuration.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(UNPRINTABLE, '\u{fffd}')
    .replace(USER_IN_URL, '://<secret>@')
    .replace(NAMED_SECRET, '$1$2<secret>')
    .replace(BEARER, '$1 <secret>');
}
