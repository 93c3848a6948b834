import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadInventory } from '../../inventory/load.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { checkPolicies } from '../../remediator/checks/check-policies.ts';

let folder: TempFolder;
beforeAll(async () => {
  folder = await createTempFolder('steward-docs');
});
afterAll(() => folder.remove());

const text = await readFile(join(import.meta.dirname, '../../docs/policies.md'), 'utf8');
const examples = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);

test('there are examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(3);
});

test.each(examples)('the steward.yml of an example is taken:\n%s', async (yaml) => {
  const file = join(folder.path, 'steward.yml');
  await writeFile(file, yaml);
  const loaded = await loadInventory(file);
  expect(loaded).toMatchObject({ ok: true });
  if (loaded.ok) expect(checkPolicies(loaded)).toEqual([]);
});
