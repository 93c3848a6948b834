import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { inventoryJsonSchema } from '../../inventory/json-schema.ts';
import committedSchema from '../../inventory/steward.schema.json' with { type: 'json' };

const isValid = new Ajv2020({ strictTypes: false }).compile(committedSchema);

test('the committed JSON Schema is the one that the schema gives', () => {
  expect(committedSchema).toEqual(JSON.parse(JSON.stringify(inventoryJsonSchema())));
});

test('an editor that reads it finds no fault in the example', async () => {
  isValid(load(await readFile('steward.example.yml', 'utf8')));
  expect(isValid.errors).toBeNull();
});

test.each<[what: string, yaml: unknown, valid: boolean]>([
  ['nothing at all', {}, true],
  ['a change to a shipped policy', { policies: [{ name: 'fix-permissions', mode: 'auto' }] }, true],
  ['a policy without a name', { policies: [{ mode: 'auto' }] }, false],
  ['an unknown section', { host: {} }, false],
  ['an unknown key', { jobs: { a: { every: '1h', colour: 'blue' } } }, false],
  ['an id in capitals', { jobs: { Backup: { every: '1h' } } }, false],
  ['an unknown manager', { hosts: { a: { services: [{ name: 'a', manager: 'openrc' }] } } }, false],
])('%s', (_what, yaml, valid) => {
  expect(isValid(yaml)).toBe(valid);
});
