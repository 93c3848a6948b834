import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseMatcher } from '../../inventory/promql/matcher.ts';
import { negateRule } from '../../inventory/promql/negated-rule.ts';
import { substituteVariables } from '../../inventory/promql/promql.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { loadGoodYaml } from '../helpers/load-yaml.ts';
import { promtools, runPromtool } from './promtool.ts';
import { alertRules, ruleFiles, rulesFolder } from './rule-files.ts';

const { policies } = (await loadGoodYaml('{}')).inventory;

/** What a query of a policy is answered from: each a line of series and values, and whether the query then returns something. */
interface Case {
  readonly policy: string;
  readonly query: (policy: Policy) => string | undefined;
  readonly ids: Readonly<Record<string, string>>;
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

const proof = ({ verify }: Policy) => verify.query;
const lastGuard = ({ guard }: Policy) => guard.at(-1);
const site = { target: 'blog', host: 'web1' };
const host = { target: 'web1', host: 'web1' };
const series = (name: string, labels: string, value: string) => `${name}{${labels}} ${value}`;
const disk = (instance: string, mountpoint: string, free: number) => [
  series('host_filesystem_avail_bytes', `instance="${instance}",mountpoint="${mountpoint}"`, `${free}x10`),
  series('host_filesystem_size_bytes', `instance="${instance}",mountpoint="${mountpoint}"`, '100x10'),
  series('host_filesystem_readonly', `instance="${instance}",mountpoint="${mountpoint}"`, '0x10'),
];
const machine = (idle: number, free: number) => [
  series('host_cpu_seconds_total', 'instance="web1",cpu="0",mode="user"', `0+${60 - idle}x10`),
  series('host_cpu_seconds_total', 'instance="web1",cpu="0",mode="idle"', `0+${idle}x10`),
  series('host_memory_available_bytes', 'instance="web1"', `${free}x10`),
  series('host_memory_total_bytes', 'instance="web1"', '100x10'),
];

const cases: readonly Case[] = [
  {
    policy: 'free-disk',
    query: proof,
    ids: host,
    // Another host, and a file system that the action does not free, have no say.
    good: [...disk('web1', '/', 20), ...disk('web2', '/', 1), ...disk('web1', '/home', 1)],
    bad: [...disk('web1', '/', 20), ...disk('web1', '/var', 9)],
  },
  {
    policy: 'renew-certificate',
    query: proof,
    ids: site,
    good: [series('probe_ssl_earliest_cert_expiry', 'instance="blog"', `${90 * 86_400}x10`)],
    bad: [
      series('probe_ssl_earliest_cert_expiry', 'instance="blog"', `${14 * 86_400}x10`),
      series('probe_ssl_earliest_cert_expiry', 'instance="shop"', `${90 * 86_400}x10`),
    ],
  },
  { policy: 'relieve-slow-site', query: lastGuard, ids: site, good: machine(5, 50), bad: machine(30, 50) },
  { policy: 'relieve-slow-site', query: lastGuard, ids: site, good: machine(50, 10), bad: machine(50, 20) },
  {
    policy: 'relieve-slow-site',
    query: proof,
    ids: site,
    good: [
      series('probe_duration_seconds', 'instance="blog"', '1x10'),
      series('probe_success', 'instance="blog"', '1x10'),
    ],
    // A page that fails at once is not fast.
    bad: [
      series('probe_duration_seconds', 'instance="blog"', '1x10'),
      series('probe_success', 'instance="blog"', '0x10'),
    ],
  },
];

test.each(cases)(
  'a query of $policy says yes only where it is so',
  async ({ policy: name, query, ids, good, bad }) => {
    const policy = policies.find((one) => one.name === name);
    const text = policy === undefined ? undefined : query(policy);
    if (text === undefined) throw new Error(`no such query of ${name}`);
    await using folder = await createTempFolder('steward-policies');
    const one = (lines: readonly string[], isGood: boolean) => ({
      interval: '1m',
      input_series: lines.map((line) => {
        const at = line.lastIndexOf('} ') + 1;
        return { series: line.slice(0, at), values: line.slice(at + 1) };
      }),
      promql_expr_test: [
        {
          expr: `count(${substituteVariables(text, ids)})`,
          eval_time: '8m',
          exp_samples: isGood ? [{ labels: '{}', value: 1 }] : [],
        },
      ],
    });
    const file = path.join(folder.path, 'policies.yml');
    const rule_files = ruleFiles.map((rules) => path.resolve(rulesFolder, rules));
    await writeFile(
      file,
      JSON.stringify({ rule_files, evaluation_interval: '1m', tests: [one(good, true), one(bad, false)] }),
    );
    for (const { program } of promtools) {
      expect(await runPromtool(program, ['test', 'rules', file])).toContain('SUCCESS');
    }
  },
);

test("a shipped policy without a proof of its own answers alerts whose rules' opposite is one", () => {
  const own = policies.filter(({ verify }) => verify.query === undefined);
  expect(own.map(({ name }) => name)).toContain('rotate-log');
  for (const { match } of own) {
    const matchers = match.map(parseMatcher).filter(({ label }) => label === 'alertname');
    const rules = alertRules.filter(({ alert }) => matchers.every((matcher) => matcher.matches(alert)));
    expect(rules.length).toBeGreaterThan(0);
    for (const { expr } of rules) {
      expect(negateRule(expr, { instance: 'blog', log: 'php-error' })).toEqual({
        query: expect.stringContaining('<='),
      });
    }
  }
});
