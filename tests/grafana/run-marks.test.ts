import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promtools, runPromtool } from '../rules/promtool.ts';
import { dashboardFiles, rawQueries } from './dashboard-files.ts';

/** The first run of each policy at each target since the remediator started, at the same minute. */
const series = [
  { series: 'up{job="host", instance="web1", host="web1"}', values: '1x20' },
  { series: 'up{job="site", instance="blog", host="web1"}', values: '1x20' },
  { series: 'up{job="site", instance="shop", host="web2"}', values: '1x20' },
  { series: 'up{job="bot", instance="trend", host="web1"}', values: '1x20' },
  ...[
    ['restart-service', 'web1'],
    ['run-cron', 'blog'],
    ['run-cron', 'shop'],
    ['restart-bot', 'trend'],
  ].map(([policy, target]) => ({
    series: `steward_remediator_attempts_total{job="remediator", instance="r", policy="${policy}", target="${target}", outcome="verified"}`,
    values: '0x9 1x11',
  })),
];
const marks = {
  web1: '{policy="restart-service", target="web1", outcome="verified"}',
  blog: '{policy="run-cron", target="blog", outcome="verified"}',
  shop: '{policy="run-cron", target="shop", outcome="verified"}',
  trend: '{policy="restart-bot", target="trend", outcome="verified"}',
} as const;

function markQuery(title: string, instance: string): string {
  const dashboard = dashboardFiles.find((candidate) => candidate.title === title);
  const asked = dashboard === undefined ? [] : rawQueries(dashboard);
  const expr = asked.find(({ panel }) => panel === 'the annotation Runs')?.expr ?? '';
  return expr.replaceAll('$job', '.+').replaceAll('$instance', instance);
}

describe.each(promtools)('on Prometheus $generation', ({ program }) => {
  test.each([
    { title: 'Sites', instance: '.+', shown: ['blog', 'shop'] },
    { title: 'Sites', instance: 'blog', shown: ['blog'] },
    { title: 'One bot', instance: 'trend', shown: ['trend'] },
    { title: 'Hosts', instance: 'web1', shown: ['web1', 'blog', 'trend'] },
    { title: 'Command center', instance: 'shop', shown: ['shop'] },
    { title: 'Remediation', instance: '.+', shown: ['web1', 'blog', 'shop', 'trend'] },
  ] as const)(
    '$title, with $instance chosen, marks the runs of $shown',
    async ({ title, instance, shown }) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'steward-marks-'));
      const file = path.join(folder, 'check.yml');
      const expected = shown.map((target) => ({ labels: marks[target], value: 1 }));
      const query = `0 * (${markQuery(title, instance)}) + 1`;
      const check = {
        rule_files: [],
        tests: [
          {
            interval: '1m',
            input_series: series,
            promql_expr_test: [
              { expr: query, eval_time: '9m', exp_samples: [] },
              { expr: query, eval_time: '10m', exp_samples: expected },
              { expr: query, eval_time: '13m', exp_samples: [] },
            ],
          },
        ],
      };
      await writeFile(file, JSON.stringify(check));
      try {
        expect(await runPromtool(program, ['test', 'rules', file])).toContain('SUCCESS');
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
