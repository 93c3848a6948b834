import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { alertRules, testedAlerts } from './rule-files.ts';

const runbooks = readdirSync(path.join(import.meta.dirname, '../../docs/alerts')).filter(
  (name) => name !== 'README.md',
);

const shippedPolicies = load(
  readFileSync(path.join(import.meta.dirname, '../../inventory/policies/shipped-policies.yml'), 'utf8'),
) as { match: string[] }[];

describe.each(alertRules)('$alert', ({ alert, labels, annotations, ...rule }) => {
  test('says what is wrong and what to do first, and leads to its runbook and its dashboard', () => {
    expect(annotations['summary']).toBeTruthy();
    expect(annotations['description']).toMatch(/\.$/);
    expect(annotations['first_step']).toMatch(/[.?]$/);
    expect(annotations['runbook_url']).toBe(`http://127.0.0.1:9841/runbooks/${alert}`);
    expect(annotations['dashboard_url']).toMatch(/^http:\/\/127\.0\.0\.1:3000\/d\/steward-[a-z-]+(\?|$)/);
  });

  test('says first what kind of thing it is about, since ids are known to few', () => {
    const named = (annotations['summary'] ?? '').replaceAll(
      /(?:\b(?:site|server|bot|job)|\{\{ \$labels\.job \}\}) \{\{ \$labels\.instance \}\}/g,
      '',
    );
    expect(named).not.toContain('$labels.instance');
  });

  test('has a severity that the routes know, and says how long it waits', () => {
    expect(['page', 'ticket', 'context', 'drill', 'none']).toContain(labels['severity']);
    expect(rule.for).toMatch(/^\d+[sm]$/);
  });

  test('does not wait for so long that a gap in its data is to be expected meanwhile', () => {
    expect(Number.parseInt(rule.for) * (rule.for.endsWith('m') ? 60 : 1)).toBeLessThanOrEqual(2 * 3600);
  });
});

/** What is believed only when it lasts, and why; everything else that is healed fires with the first evaluation. */
const mustLast: Readonly<Record<string, string>> = {
  CertificateExpiresSoon: 'servers behind one name may show different ones',
  DatabaseTablesCrashed: 'a table that is being put in place of another cannot be opened for a moment',
  DiskAlmostFull: 'a backup or an update may need the room for a moment',
  DiskFull: 'a backup or an update may need the room for a moment',
  OpcacheFull: 'PHP empties it by itself when it may',
  PhpFpmDown: 'a pool that is restarted, or has no free process, does not answer for a moment',
  PhpFpmSaturated: 'a rush of visitors passes',
  SiteSlow: 'a rush of visitors passes',
};

const answered = shippedPolicies.flatMap(
  ({ match }) => /^alertname=~?"(\w+(?:\|\w+)*)"$/.exec(match[0] ?? '')?.[1]?.split('|') ?? [match[0]],
);

test('each shipped policy answers an alert that exists, and that fires at once where one look is enough', () => {
  expect(answered).toContain('WordPressPermissionsDrifted');
  for (const name of answered) {
    const rule = alertRules.find(({ alert }) => alert === name);
    expect([name, rule?.for === '0s']).toEqual([name, !Object.hasOwn(mustLast, name ?? '')]);
  }
});

test('what a shipped policy answers ends with what is wrong: people are not told of what was healed', () => {
  const kept = alertRules.filter(({ keep_firing_for: kept }) => kept !== undefined);
  expect(kept.map(({ alert }) => alert)).toContain('CpuBusy');
  expect(kept.filter(({ alert }) => answered.includes(alert))).toEqual([]);
});

test('no two rules share a name', () => {
  expect(new Set(alertRules.map(({ alert }) => alert)).size).toBe(alertRules.length);
});

test('each alert has a runbook, and each runbook an alert', () => {
  expect(runbooks.sort()).toEqual(alertRules.map(({ alert }) => `${alert}.md`).sort());
});

test('each alert is seen firing by a promtool test, and silent where it ever is', () => {
  const { firing, silent } = testedAlerts();
  const names = alertRules.map(({ alert }) => alert).sort();
  expect([...firing].sort()).toEqual(names);
  expect([...silent, 'Watchdog'].sort()).toEqual(names);
});
