import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { compileRe2, compileRe2Search } from '../../../inventory/promql/re2.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { alertmanagers } from '../../alertmanager/programs.ts';

const run = promisify(execFile);

const sources = [
  'page|ticket',
  'p.*',
  'p.',
  '',
  '(?i)PAGE',
  '(?i:P)age',
  '(?P<first>p)age',
  'php8\\.2-fpm',
  'php8.2\\-fpm',
  'a\\/b',
  '[^a-f]\\w+',
  'x\\s?y',
  'x[\\s-]y',
  'a\\(\\?=b',
  '[(?=]+',
  '\\d{1,3}',
  'a$|^b',
  '\\x61',
  '\\p{Lu}.*',
  'a|',
];
const values = [
  'page',
  'Page',
  'pages',
  'ticket',
  'php8.2-fpm',
  'php8x2-fpm',
  'a/b',
  'x y',
  'x\ty',
  'xy',
  'x\u00a0y',
  'x-y',
  'a(?=b',
  '(?=',
  '12',
  '1234',
  'a',
  'b',
  'Ärger',
  '(',
  'p\u2028',
  'pé',
];

test.each(alertmanagers)('agrees with the routes of Alertmanager $generation', async ({ amtool }) => {
  await using folder = await createTempFolder('steward-re2');
  const file = join(folder.path, 'alertmanager.yml');
  await writeFile(file, configuration());
  const ours: Record<string, string[]> = {};
  const theirs: Record<string, string[]> = {};
  for (const value of values) {
    const matching = sources.filter((source) => compileRe2(source).test(value));
    ours[value] = matching.map((source) => `r${sources.indexOf(source)}`);
    const label = `a="${value}"`;
    const { stdout } = await run(amtool, ['config', 'routes', 'test', `--config.file=${file}`, label]);
    theirs[value] = stdout
      .trim()
      .split(',')
      .filter((name) => name !== 'none');
  }
  expect(ours).toEqual(theirs);
});

/** A configuration in which each source has a route of its own. */
function configuration(): string {
  const names = sources.map((_source, index) => `r${index}`);
  const routes = sources.map((source, index) => ({
    receiver: `r${index}`,
    continue: true,
    matchers: [`a=~"${source.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`],
  }));
  return JSON.stringify({
    route: { receiver: 'none', routes },
    receivers: ['none', ...names].map((name) => ({ name })),
  });
}

test.each([
  ['(', 'as RE2 reads it'],
  ['a**', 'as RE2 reads it'],
  ['(?=x)', 'without look-around'],
  ['(?!x)', 'without look-around'],
  ['(?<=x)y', 'without look-around'],
  ['(?s)x', 'no flag but (?i)'],
  ['x(?i)y', 'no flag but (?i)'],
  ['(x)\\1', 'no back-references'],
  ['(?<n>x)\\k<n>', 'no back-references'],
  ['\\u0061', 'without \\u'],
  ['\\Qx\\E', 'without \\Q'],
  ['[[:alpha:]]', 'without [:names:]'],
  ['[]a]', 'a leading "]"'],
  ['x\\', 'as RE2 reads it'],
])('%s is refused', (source, message) => {
  expect(() => compileRe2(source)).toThrow(message);
});

test('an expression to be searched for is found anywhere, with the same meaning', () => {
  expect(compileRe2Search('b.d').test('abcde')).toBe(true);
  expect(compileRe2Search('^b.d').test('abcde')).toBe(false);
  expect(compileRe2Search('a.b').test('a\nb')).toBe(false);
  expect(() => compileRe2Search('(?=x)')).toThrow('without look-around');
});
