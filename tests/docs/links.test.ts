import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.join(import.meta.dirname, '../..');
const pages = globSync('{*.md,docs/**/*.md}', { cwd: root }).map((name) => ({
  name,
  text: readFileSync(path.join(root, name), 'utf8'),
}));

test.each(pages)('$name names tests that are there', ({ text }) => {
  const named = [...text.matchAll(/`(tests\/[\w./-]+)`/g)].map(([, file = '']) => file);
  expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test.each(pages)('$name links to pages that are there', ({ name, text }) => {
  const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, file = '']) => file);
  const folder = path.join(root, path.dirname(name));
  expect(linked.filter((file) => !existsSync(path.join(folder, file)))).toEqual([]);
});
