import { access, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

test('each threat in docs/security.md names tests that are there', async () => {
  const [, threats = ''] = /^## Threats$([^]*?)^## /m.exec(await readFile('docs/security.md', 'utf8')) ?? [];
  const rows = threats
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  expect(rows.length).toBeGreaterThan(20);
  const missing: string[] = [];
  for (const row of rows) {
    const paths = [...row.matchAll(/`(tests\/[^`]+)`/g)].map(([, path = '']) => path);
    if (paths.length === 0) missing.push(row);
    for (const path of paths) await access(path).catch(() => missing.push(path));
  }
  expect(missing).toEqual([]);
});
