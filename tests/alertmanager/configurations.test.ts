import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { remediatorMetrics } from '../grafana/known-metrics.ts';
import { alertRules } from '../rules/rule-files.ts';
import { alertmanagers } from './programs.ts';

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
  readFileSync(path.join(import.meta.dirname, '../../inventory/policies/shipped-policies.yml'), 'utf8'),
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

// Of a drill nobody is told.
const toldOf = alertRules.filter(({ labels }) => labels['severity'] !== 'drill');

test.each(toldOf)('$alert asks for the mode of its policy where one ships', ({ alert, annotations }) => {
  const isAnswered = policies.some(({ match }) => match.flatMap(alertnames).includes(alert));
  const asked = `steward_remediator_policy_mode{alert="${alert}"}`;
  expect((annotations['policy'] ?? '').includes(asked)).toBe(isAnswered);
  expect('policy' in annotations).toBe(isAnswered);
});

test('what they ask for is a metric of the remediator', () => {
  expect([...remediatorMetrics]).toContain('steward_remediator_policy_mode');
});

/** The names in a matcher such as `alertname=~"A|B"`; none where it is about another label. */
function alertnames(matcher: string): string[] {
  return /^alertname!?=~?"([\w|]+)"$/.exec(matcher)?.[1]?.split('|') ?? [];
}

function fail(): never {
  throw new Error('a configuration is missing');
}
