import { expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promtools, runPromtool } from '../rules/promtool.ts';
import { dashboardFiles, queries } from './dashboard-files.ts';

const site = 'job="site", instance="blog"';
const plugin = `wordpress_extension_info{${site}, extension_kind="plugin", slug="acme", status="active"`;
/** WordPress and a plugin are updated ten minutes in, and another site is read for the first time. */
const series = [
  { series: `wordpress_info{${site}, version="6.8"}`, values: '1x9 stale' },
  { series: `wordpress_info{${site}, version="6.9"}`, values: '_x10 1x10' },
  { series: `${plugin}, version="1.0"}`, values: '1x9 stale' },
  { series: `${plugin}, version="1.1"}`, values: '_x10 1x10' },
  { series: 'wordpress_info{job="site", instance="new", version="6.9"}', values: '_x10 1x10' },
];
const marks = [
  { labels: 'instance_slug:wordpress_version:new2m{job="site", instance="blog", version="6.9"}', value: 1 },
  {
    labels:
      'instance_slug:wordpress_version:new2m{job="site", instance="blog", extension_kind="plugin", slug="acme", version="1.1"}',
    value: 1,
  },
];

test.each(promtools)(
  'updates are marked, and a first look is none, on Prometheus $generation',
  async ({ program }) => {
    const sites = dashboardFiles.find(({ title }) => title === 'Sites');
    const asked = sites === undefined ? [] : queries(sites);
    const expr = asked.find(({ panel }) => panel === 'the annotation Updates')?.expr;
    const folder = await mkdtemp(path.join(tmpdir(), 'steward-updates-'));
    const file = path.join(folder, 'check.yml');
    const promql_expr_test = [
      { expr, eval_time: '9m', exp_samples: [] },
      { expr, eval_time: '10m', exp_samples: marks },
      { expr, eval_time: '15m', exp_samples: [] },
    ];
    const tests = [{ interval: '1m', input_series: series, promql_expr_test }];
    await writeFile(
      file,
      JSON.stringify({ rule_files: [path.resolve('prometheus/rules/wordpress.yml')], tests }),
    );
    try {
      expect(await runPromtool(program, ['test', 'rules', file])).toContain('SUCCESS');
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
