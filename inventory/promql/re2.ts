/** A regular expression that RE2, which Prometheus and Alertmanager use, and JavaScript do not read alike. */
export class Re2Error extends Error {
  override readonly name = 'Re2Error';
}

/** An escape, a character class, the opening of a group, or one other character. */
const TOKEN =
  /\\(?<escape>.)|(?<class>\[\^?\]?(?:\\.|[^\]\\])*\])|(?<group>\(\?(?:P?<[A-Za-z_]\w*>|[a-z-]*[:)]|.{0,2}))|./gsu;

const SPACE = '\\t\\n\\f\\r ';
const CLASS_ESCAPE = /\\(.)/gsu;

/**
 * Compiles a regular expression in RE2's syntax that must match a whole value. Throws a Re2Error where it is not one, and
 * where JavaScript cannot do the same: it never matches otherwise than RE2 would.
 */
export function compileRe2(source: string): RegExp {
  return compile(source, (body) => `^(?:${body})$`);
}

/** The same for an expression that is to be found anywhere in a text. */
export function compileRe2Search(source: string): RegExp {
  return compile(source, (body) => body);
}

function compile(source: string, anchored: (body: string) => string): RegExp {
  const leading = /^\(\?i\)/.exec(source)?.[0] ?? '';
  const body = source.slice(leading.length).replace(TOKEN, (token: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    if (groups['escape'] !== undefined) return translateEscape(groups['escape']);
    if (groups['class'] !== undefined) return translateClass(token);
    if (groups['group'] !== undefined) return translateGroup(token);
    return token === '.' ? '[^\\n]' : token;
  });
  try {
    return new RegExp(anchored(body), leading === '' ? 'u' : 'iu');
  } catch (cause) {
    throw new Re2Error('a regular expression as RE2 reads it', { cause });
  }
}

function translateEscape(character: string): string {
  if (character === 's') return `[${SPACE}]`;
  if (character === 'S') return `[^${SPACE}]`;
  return sharedEscape(character);
}

function translateClass(text: string): string {
  if (/\[[:.=]/.test(text.slice(1)) || /^\[\^?\]/.test(text) || text.includes('\\S')) {
    throw new Re2Error('a character class without [:names:], \\S and a leading "]"');
  }
  return text.replace(CLASS_ESCAPE, (_whole, character: string) =>
    character === 's' ? SPACE : sharedEscape(character),
  );
}

/** Letters that mean the same to both stay; punctuation stands for itself; the others differ. */
function sharedEscape(character: string): string {
  if (/[dDwWbBntrfvxpP]/.test(character)) return `\\${character}`;
  if (/[!-/:-@[-`{-~]/.test(character)) return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  throw new Re2Error(`a regular expression without \\${character}: RE2 has no back-references`);
}

function translateGroup(text: string): string {
  if (text === '(?:' || text === '(?i:') return text;
  const name = /^\(\?P?<(\w+)>$/.exec(text)?.[1];
  if (name !== undefined) return `(?<${name}>`;
  throw new Re2Error('a regular expression without look-around, and with no flag but (?i) at its start');
}
