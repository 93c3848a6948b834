/** A piece of a pattern: which characters, and how many of them. */
interface Piece {
  readonly allows: (character: string) => boolean;
  readonly min: number;
  readonly max: number;
}

/** What a pattern may be, for messages. */
export const SLOT_PATTERN_FORM =
  'letters, digits, "-", "_" and classes such as [a-z0-9.-], each with ?, *, + or {2,5} after it where it repeats';

const PIECE =
  /(?:([A-Za-z0-9_-])|\[((?:[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d|[A-Za-z0-9._])+-?|-)\])(\?|\*|\+|\{\d{1,2}(?:,\d{1,2})?\})?/y;
/** A slot is no longer than this. */
const LONGEST = 64;

/**
 * Whether a text is a pattern for slots: the part of regular expressions that grep on a host and this program read alike, and whose
 * matching takes no long time on any value.
 */
export function isSlotPattern(text: string): boolean {
  return text !== '' && text.length <= 200 && piecesOf(text) !== undefined;
}

/** Whether a value fits a pattern from its beginning to its end. */
export function fitsSlotPattern(text: string, value: string): boolean {
  if (value.length > LONGEST) return false;
  let ends = new Set([0]);
  for (const piece of piecesOf(text) ?? []) {
    ends = new Set([...ends].flatMap((start) => endsOf(piece, value, start)));
  }
  return ends.has(value.length);
}

function endsOf({ allows, min, max }: Piece, value: string, start: number): number[] {
  const ends: number[] = [];
  for (let count = 0; count <= max; count += 1) {
    if (count >= min) ends.push(start + count);
    const next = value[start + count];
    if (next === undefined || !allows(next)) break;
  }
  return ends;
}

function piecesOf(text: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(text);
    if (match === null) return undefined;
    const [whole, one, set, repeats] = match;
    const { min, max } = bounds(repeats);
    const ranges = one === undefined ? rangesOf(set ?? '') : [[one, one] as const];
    if (min > max || ranges.some(([from, to]) => from > to)) return undefined;
    pieces.push({
      allows: (character) => ranges.some(([from, to]) => character >= from && character <= to),
      min,
      max,
    });
    at += whole.length;
  }
  return pieces;
}

function rangesOf(set: string): (readonly [from: string, to: string])[] {
  return [...set.matchAll(/(.)-(.)|(.)/g)].map(([, from = '', to = '', one]) =>
    one === undefined ? [from, to] : [one, one],
  );
}

function bounds(repeats: string | undefined): { readonly min: number; readonly max: number } {
  switch (repeats) {
    case undefined:
      return { min: 1, max: 1 };
    case '?':
      return { min: 0, max: 1 };
    case '*':
      return { min: 0, max: LONGEST };
    case '+':
      return { min: 1, max: LONGEST };
    default: {
      const [min = 0, max = min] = repeats.slice(1, -1).split(',').map(Number);
      return { min, max };
    }
  }
}
