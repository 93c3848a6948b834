import { load, YAMLException } from 'js-yaml';
import { describeFound, type Problem } from '../problem.ts';

/** A YAML text that is a mapping, or why it is none. */
export type YamlMapping =
  { readonly value: Readonly<Record<string, unknown>> } | { readonly problem: Problem };

/** Parses the text of a configuration file. `expected` says what mapping it should be, for where it is another thing. */
export function parseYamlMapping(file: string, text: string, expected: string): YamlMapping {
  try {
    const value = text.trim() === '' ? undefined : load(text, { filename: file });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { value: value as Record<string, unknown> };
    }
    return { problem: { file, path: '', found: describeFound(value), expected } };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { mark, reason } = error;
    const place = mark === undefined ? {} : { line: mark.line + 1, column: mark.column + 1 };
    return { problem: { file, ...place, path: '', found: reason, expected: 'YAML that parses' } };
  }
}

/** The value at a path, or undefined where there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<PropertyKey, unknown>)[part];
  }
  return current;
}
