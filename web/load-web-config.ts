import { dirname, resolve } from 'node:path';
import type { PathProblem } from '../inventory/path-problem.ts';
import { readPositions } from '../inventory/file/positions.ts';
import { describeFound, formatPath, type Problem } from '../inventory/problem.ts';
import { prototypeKeyProblems } from '../inventory/file/prototype-keys.ts';
import { schemaProblems } from '../inventory/file/schema-problems.ts';
import { parseYamlMapping, valueAt } from '../inventory/file/yaml-mapping.ts';
import { readSmallFile } from './read-small-file.ts';
import { readTls } from './read-tls.ts';
import { knownKeys, unsupportedKeys, webConfigSchema, type WebConfigText } from './web-config-schema.ts';
import type { WebConfig } from './web-config.ts';

/** What came of reading a web configuration: it, or everything that is wrong with it. */
export type WebConfigResult = { readonly config: WebConfig } | { readonly problems: readonly Problem[] };

/** Reads and checks a web configuration and the files that it names; `read` reads one of them. */
export function loadWebConfig(file: string, read: typeof readSmallFile = readSmallFile): WebConfigResult {
  const text = read(file);
  if (typeof text !== 'string') return { problems: [{ file, path: '', ...text }] };
  const parsed = parseYamlMapping(file, text, 'tls_server_config, basic_auth_users or http_server_config');
  if ('problem' in parsed) return { problems: [parsed.problem] };
  const { value } = parsed;
  const locate = locator(file, text, value);
  const checked = check(value);
  if (Array.isArray(checked)) return { problems: locate(checked) };
  const readNamed = (name: string) => read(resolve(dirname(file), name));
  const tls = checked.tls_server_config && readTls(checked.tls_server_config, readNamed);
  if (Array.isArray(tls)) return { problems: locate(tls) };
  const users = checked.basic_auth_users && new Map(Object.entries(checked.basic_auth_users));
  return { config: { tls, headers: headersOf(checked), users } };
}

function check(value: Readonly<Record<string, unknown>>): WebConfigText | PathProblem[] {
  const refused = Object.entries(unsupportedKeys).flatMap(([name, expected]) => {
    const path = name.split('.');
    if (valueAt(value, path) === undefined) return [];
    return [{ path, part: 'key' as const, found: `${name}, which is not kept here`, expected }];
  });
  const result = webConfigSchema.safeParse(value);
  if (result.success) return result.data;
  const isRefused = ({ path }: PathProblem) => refused.some((one) => one.path.join('.') === path.join('.'));
  return [
    ...prototypeKeyProblems(value),
    ...refused,
    ...schemaProblems(result.error.issues, knownKeys).filter((problem) => !isRefused(problem)),
  ];
}

/** Gives problems their place in the file. What stands where a password's hash should be is not repeated. */
function locator(
  file: string,
  text: string,
  value: unknown,
): (problems: readonly PathProblem[]) => Problem[] {
  const positions = readPositions(text);
  return (problems) =>
    problems.map(({ path, expected, part, found = describe(path, valueAt(value, path)) }) => ({
      file,
      ...positions.locate(path, part),
      path: formatPath(path),
      found,
      expected,
    }));
}

function describe(path: readonly PropertyKey[], value: unknown): string {
  const isHash = path[0] === 'basic_auth_users' && path.length > 1;
  return isHash && typeof value === 'string'
    ? `another text of ${value.length} characters`
    : describeFound(value);
}

/** An empty one means none, as in the format. */
function headersOf({ http_server_config: { headers } }: WebConfigText): Readonly<Record<string, string>> {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(given);
}
