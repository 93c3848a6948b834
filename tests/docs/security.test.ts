import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { verbs } from '../../hosts/verbs.ts';

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

test('docs/security.md has a row for each verb that a host takes, with its key', async () => {
  const rows = (await readFile('docs/security.md', 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const missing = Object.entries(verbs).filter(
    ([verb, { role }]) =>
      !rows.some(
        (row) => row.includes(`\`${verb}\``) && [role, 'both'].includes(row.split('|')[2]?.trim() ?? ''),
      ),
  );
  expect(missing).toEqual([]);
});
