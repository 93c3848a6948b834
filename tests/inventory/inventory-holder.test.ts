import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createInventoryHolder } from '../../inventory/inventory-holder.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';

const good = (id: string) => `jobs:\n  ${id}: { every: 1h }\n`;

async function writeTempYaml(text: string) {
  const folder = await createTempFolder('steward-holder');
  const file = join(folder.path, 'steward.yml');
  await writeFile(file, text);
  return { file, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('a process does not start with a wrong steward.yml, and every problem is named', async () => {
  await using yaml = await writeTempYaml('jobs:\n  A: { every: 1h }\n  b: {}\n');
  await expect(createInventoryHolder(yaml.file)).rejects.toThrow(
    /:2:3: jobs\.A: [^]*\n.*:3:3: jobs\.b\.every: /,
  );
});

test('a good reload replaces the inventory, and the time of it is known', async () => {
  await using yaml = await writeTempYaml(good('a'));
  let nowMs = 1000;
  const holder = await createInventoryHolder(yaml.file, undefined, () => nowMs);
  await writeFile(yaml.file, good('b'));
  nowMs = 2000;
  expect(await holder.reload()).toEqual([]);
  expect(Object.keys(holder.current().inventory.jobs)).toEqual(['b']);
  expect(holder.lastReload()).toEqual({ successful: true, succeededAtMs: 2000 });
});

test('a wrong steward.yml changes nothing, and a good one after it is taken', async () => {
  await using yaml = await writeTempYaml(good('a'));
  let nowMs = 1000;
  const holder = await createInventoryHolder(yaml.file, undefined, () => nowMs);
  const before = holder.current();
  await writeFile(yaml.file, 'jobs: [');
  nowMs = 2000;
  expect(await holder.reload()).toMatchObject([{ line: 1, expected: 'YAML that parses' }]);
  expect(holder.current()).toBe(before);
  expect(holder.lastReload()).toEqual({ successful: false, succeededAtMs: 1000 });
  await writeFile(yaml.file, good('c'));
  expect(await holder.reload()).toEqual([]);
  expect(Object.keys(holder.current().inventory.jobs)).toEqual(['c']);
});

test('what only the process itself can check refuses as well', async () => {
  await using yaml = await writeTempYaml(good('a'));
  const holder = await createInventoryHolder(yaml.file, ({ inventory, locate }) =>
    inventory.jobs['b'] === undefined ? [] : locate([{ path: ['jobs', 'b'], expected: 'no b' }]),
  );
  await writeFile(yaml.file, good('b'));
  expect(await holder.reload()).toMatchObject([{ line: 2, path: 'jobs.b', expected: 'no b' }]);
  expect(Object.keys(holder.current().inventory.jobs)).toEqual(['a']);
});

test('of reloads at the same time, each sees the file as it is then, in their order', async () => {
  await using yaml = await writeTempYaml(good('a'));
  const ends: string[] = [];
  const holder = await createInventoryHolder(yaml.file);
  await Promise.all(['first', 'second', 'third'].map((name) => holder.reload().then(() => ends.push(name))));
  expect(ends).toEqual(['first', 'second', 'third']);
});
