import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { runCommand } from '../../lab/parts/run-command.ts';
import { alertRules } from '../rules/rule-files.ts';
import { alertmanagers, newest, templatesFolder } from './programs.ts';

interface Configuration {
  readonly route: unknown;
  readonly time_intervals: unknown;
  readonly templates: unknown;
  readonly inhibit_rules: readonly { source_matchers: string[]; target_matchers: string[] }[];
  readonly receivers: readonly { name: string }[];
}

const [older, full] = alertmanagers.map(
  ({ configuration }) => load(readFileSync(configuration, 'utf8')) as Configuration,
);
const policies = load(
  readFileSync(path.join(import.meta.dirname, '../../inventory/shipped-policies.yml'), 'utf8'),
) as { name: string; match: string[] }[];

test('the configuration for 0.25 has the same routes, nights, templates and inhibitions', () => {
  const { receivers: all, ...rest } = full ?? fail();
  const { receivers: few, ...same } = older ?? fail();
  expect(same).toEqual(rest);
  const names = all.map(({ name }) => name);
  for (const { name } of few) expect(names).toContain(name);
  for (const name of ['remediator', 'slack', 'email'])
    expect(few.find((receiver) => receiver.name === name)).toEqual(
      all.find((receiver) => receiver.name === name),
    );
});

test('every alert that an inhibition names is one of the rules', () => {
  const known = alertRules.map(({ alert }) => alert);
  const named = (full?.inhibit_rules ?? []).flatMap(({ source_matchers, target_matchers }) =>
    [...source_matchers, ...target_matchers].flatMap(alertnames),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

test('beside a host that is down, only what a policy heals keeps from the remediator what a policy heals', () => {
  const healed = policies.flatMap(({ match }) => match.flatMap(alertnames));
  const heldBack = (full?.inhibit_rules ?? []).slice(1).flatMap(({ source_matchers, target_matchers }) =>
    target_matchers
      .flatMap(alertnames)
      .filter((name) => healed.includes(name))
      .map((target) => ({ target, sources: source_matchers.flatMap(alertnames) })),
  );
  expect(heldBack.map(({ target }) => target)).toContain('PhpFpmSaturated');
  expect(heldBack.filter(({ sources }) => !sources.every((name) => healed.includes(name)))).toEqual([]);
});

test.each(alertRules)('the message of $alert names the policy that answers it', async ({ alert }) => {
  const policy = policies.find(({ match }) => match.flatMap(alertnames).includes(alert));
  const { stdout } = await runCommand([
    newest.amtool,
    'template',
    'render',
    `--template.glob=${path.join(templatesFolder, '*.tmpl')}`,
    `--template.text={{ template "steward.does" "${alert}" }}`,
  ]);
  const nothing = 'nothing, unless a policy of yours answers it';
  expect(stdout.trim()).toBe(policy === undefined ? nothing : `${policy.name}, if its policy allows`);
});

/** The names in a matcher such as `alertname=~"A|B"`; none where it is about another label. */
function alertnames(matcher: string): string[] {
  return /^alertname!?=~?"([\w|]+)"$/.exec(matcher)?.[1]?.split('|') ?? [];
}

function fail(): never {
  throw new Error('a configuration is missing');
}
