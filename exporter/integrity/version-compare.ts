/** The parts of a version that are words, from the earliest on; a number stands between "rc" and "pl". */
const WORDS = ['dev', 'alpha', 'beta', 'rc', '#', 'pl'] as const;
const SHORT: Readonly<Record<string, (typeof WORDS)[number]>> = { a: 'alpha', b: 'beta', RC: 'rc', p: 'pl' };
/** Stands for a number where it meets a word. */
const NUMBER = '#N#';

/**
 * Compares two versions as PHP's version_compare() does (https://www.php.net/version_compare), which WordPress and those who write of its plugins go by:
 * below 0 where the first is earlier, above where it is later.
 */
export function compareVersions(first: string, second: string): number {
  if (first === '' || second === '') return Math.sign(first.length - second.length);
  return compareParts(partsOf(first), partsOf(second));
}

/** Cut where digits and letters meet, and at all that is neither. */
function partsOf(version: string): string[] {
  return version.match(/\d+|[A-Za-z]+/g) ?? [''];
}

function compareParts(first: readonly string[], second: readonly string[]): number {
  const both = Math.min(first.length, second.length);
  for (let place = 0; place < both; place += 1) {
    const order = comparePart(first[place] ?? '', second[place] ?? '');
    if (order !== 0) return order;
  }
  if (first.length > both) return orderOfRest(first.slice(both));
  return second.length > both ? -orderOfRest(second.slice(both)) : 0;
}

/** A further number is later than nothing, and of words it depends. */
function orderOfRest(rest: readonly string[]): number {
  return isNumber(rest[0] ?? '') ? 1 : compareParts(rest, [NUMBER]);
}

function comparePart(first: string, second: string): number {
  if (isNumber(first) && isNumber(second)) return Math.sign(Number(first) - Number(second));
  return Math.sign(rank(first) - rank(second));
}

function rank(part: string): number {
  if (isNumber(part) || part === NUMBER) return WORDS.indexOf('#');
  return WORDS.findIndex((word) => part.startsWith(word) || isShortFor(part, word));
}

function isShortFor(part: string, word: string): boolean {
  return Object.entries(SHORT).some(([short, long]) => long === word && part.startsWith(short));
}

function isNumber(part: string): boolean {
  return /^\d/.test(part);
}
