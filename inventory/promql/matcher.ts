import { compileRe2, Re2Error } from './re2.ts';

/** One matcher in Alertmanager's syntax. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /** Says whether the value of the label fits; a label that is absent counts as empty. */
  matches(value: string | undefined): boolean;
}

/** A matcher that cannot be read. */
export class MatcherError extends Error {
  override readonly name = 'MatcherError';
}

const SHAPE =
  /^\s*(?<label>[a-zA-Z_:][a-zA-Z0-9_:]*|"(?:[^"\\]|\\.)+")\s*(?<operator>=~|!~|!=|=)\s*(?<value>.*?)\s*$/s;

/**
 * Reads a matcher, such as `alertname="SiteDown"` or `severity=~"page|ticket"`.
 * Throws a MatcherError that says what to write instead.
 */
export function parseMatcher(text: string): Matcher {
  const groups = SHAPE.exec(text)?.groups;
  const { label, operator, value } = groups ?? {};
  if (label === undefined || operator === undefined || value === undefined) {
    throw new MatcherError('a matcher such as alertname="SiteDown"');
  }
  return createMatcher(unquote(label), operator as Matcher['operator'], unquote(value));
}

/** Says whether all matchers fit the labels. */
export function allMatch(matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every((matcher) =>
    matcher.matches(Object.hasOwn(labels, matcher.label) ? labels[matcher.label] : undefined),
  );
}

function createMatcher(label: string, operator: Matcher['operator'], value: string): Matcher {
  const isRegex = operator.endsWith('~');
  const pattern = isRegex ? anchored(value) : undefined;
  const fits = (text: string) => (pattern === undefined ? text === value : pattern.test(text));
  const isNegative = operator.startsWith('!');
  return { label, operator, value, matches: (text = '') => fits(text) !== isNegative };
}

function unquote(text: string): string {
  if (!text.startsWith('"')) {
    if (/["{},\s]/.test(text)) throw new MatcherError('the value of a matcher in double quotes');
    return text;
  }
  const inner = /^"((?:[^"\\]|\\.)*)"$/s.exec(text)?.[1];
  if (inner === undefined) throw new MatcherError('a closing double quote at the end of the matcher');
  return inner.replace(/\\(.)/gs, (whole: string, character: string) => {
    const meaning: Record<string, string> = { n: '\n', '"': '"', '\\': '\\' };
    return meaning[character] ?? whole;
  });
}

/** Alertmanager's regular expressions are RE2's, and match the whole value. */
function anchored(source: string): RegExp {
  try {
    return compileRe2(source);
  } catch (error) {
    if (error instanceof Re2Error) throw new MatcherError(error.message, { cause: error });
    throw error;
  }
}
