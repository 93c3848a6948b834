import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { expect, test } from '@jest/globals';
import { parseMatcher } from '../../inventory/promql/matcher.ts';
import { drilledHosts } from '../../remediator/decide/drills.ts';
import { loadGoodYaml } from '../helpers/load-yaml.ts';
import { makeInventory } from '../remediator/inventory.ts';

interface RulesFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string }[] }[];
}

const RULES = 'prometheus/rules';
const files = (await readdir(RULES)).filter((name) => name.endsWith('.yml'));
const alerts = files
  .flatMap((name) => (load(readFileSync(`${RULES}/${name}`, 'utf8')) as RulesFile).groups)
  .flatMap(({ rules }) => rules)
  .flatMap(({ alert }) => (alert === undefined ? [] : [alert]))
  .toSorted();
const { policies } = (await loadGoodYaml('{}')).inventory;

/** The first column of the table of a document, and what else a row says. */
function rowsOf(text: string): (readonly [names: readonly string[], rest: string])[] {
  return [...text.matchAll(/^\| (\[.*?) \| *(.*?) *\|$/gm)].map(([, names = '', rest = '']) => [
    [...names.matchAll(/\[(\w+)\]/g)].map(([, name = '']) => name),
    rest,
  ]);
}

const [, section = ''] = (await readFile('docs/policies.md', 'utf8')).split('## Alerts without a policy');
const reasons = rowsOf(section);
const withReason = reasons.flatMap(([names]) => names);

/** The shipped policies whose matcher for the name of an alert fits. */
function policiesFor(alert: string): readonly string[] {
  return policies
    .filter(({ match }) =>
      match.map(parseMatcher).some((matcher) => matcher.label === 'alertname' && matcher.matches(alert)),
    )
    .map(({ name }) => name);
}

test('there are alerts, policies and reasons', () => {
  expect(alerts.length).toBeGreaterThan(80);
  expect(policies.length).toBeGreaterThan(10);
  expect(reasons.length).toBeGreaterThan(10);
  expect(reasons.filter(([, reason]) => reason.length < 20)).toEqual([]);
});

test('every alert either has a shipped policy or a reason in docs/policies.md why it has none', () => {
  const without = alerts.filter((alert) => policiesFor(alert).length === 0);
  expect(withReason.toSorted()).toEqual(without);
});

test('all of them only observe, but for the drill, which changes nothing and waits until another policy may act', () => {
  expect(policies.filter(({ mode }) => mode !== 'observe').map(({ name }) => name)).toEqual(['drill']);
  expect(drilledHosts({ policies, hosts: makeInventory().hosts })).toEqual([]);
});

const table = new Map(
  rowsOf(await readFile('docs/alerts/README.md', 'utf8')).map(([[name = ''], rest]) => [name, rest]),
);

test.each(alerts)('the table of alerts and the page of %s say which policy answers it', async (alert) => {
  const page = await readFile(`docs/alerts/${alert}.md`, 'utf8');
  const names = policiesFor(alert);
  expect([...(table.get(alert) ?? '').matchAll(/`(.*?)`/g)].map(([, name]) => name)).toEqual(names);
  expect(page).toContain('## What Steward does by itself, and when not');
  if (names.length > 0) expect(page).not.toContain('It does not act on this alert');
});
