import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

/** A test as docs/security.md names it: its file, and words of its title as they stand there. */
const NAMED = /`(tests\/[^`]+\.ts)`: (?:"([^"]+)"|'([^']+)')/g;

test('each threat in docs/security.md names tests that are there, by their files and titles', async () => {
  const [, threats = ''] = /^## Threats$([^]*?)^## /m.exec(await readFile('docs/security.md', 'utf8')) ?? [];
  const rows = threats
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  expect(rows.length).toBeGreaterThan(40);
  const missing: string[] = [];
  for (const row of rows) {
    const named = [...row.matchAll(NAMED)];
    const files = [...row.matchAll(/`tests\//g)];
    if (named.length === 0 || named.length < files.length) missing.push(row);
    for (const [, path = '', title = '', other = title] of named) {
      const text = await readFile(path, 'utf8').catch(() => '');
      if (!text.includes(other)) missing.push(`${path}: ${other}`);
    }
  }
  expect(missing).toEqual([]);
});
