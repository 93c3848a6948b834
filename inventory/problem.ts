/** One thing that is wrong with a configuration file. */
export interface Problem {
  /** The file, as it was named. */
  readonly file: string;
  /** Line and column, counted from 1; undefined where the file as a whole is meant. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Where it stands, such as `sites.blog.url`; empty for the file as a whole. */
  readonly path: string;
  /** What stands there, shortened. */
  readonly found: string;
  /** What should stand there. */
  readonly expected: string;
}

/** Writes a problem as one line: `steward.yml:12:5: sites.blog.url: found "x", expected an http:// address`. */
export function formatProblem({ file, line, column, path, found, expected }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return [place, ...(path === '' ? [] : [path]), `found ${found}, expected ${expected}`].join(': ');
}

const FOUND_CHARACTERS = 80;

/** Describes a value for `found`: short, on one line, never a structure in full, and without the password of an address. */
export function describeFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = JSON.stringify(value).replace(/\/\/[^/@\s]*@/g, '//<secret>@');
  return text.length > FOUND_CHARACTERS ? `${text.slice(0, FOUND_CHARACTERS)}…` : text;
}

/** Writes a path of keys and indexes as it reads in a message: `policies[0].guard[1]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}
