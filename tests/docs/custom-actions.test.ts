import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { checkPolicies } from '../../remediator/checks/check-policies.ts';
import { loadGoodYaml } from '../helpers/load-yaml.ts';

test('the example of docs/custom-actions.md is good', async () => {
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(await readFile('docs/custom-actions.md', 'utf8')) ?? [];
  const loaded = await loadGoodYaml(example);
  expect(Object.keys(loaded.inventory.actions)).toEqual(['flush-varnish']);
  expect(checkPolicies(loaded)).toEqual([]);
});
