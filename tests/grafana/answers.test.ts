import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promtools, runPromtool } from '../rules/promtool.ts';
import { dashboardFiles, queries } from './dashboard-files.ts';
import { sampleSeries, sampleTime } from './sample-series.ts';

/** Of an update there is nothing to be seen where no version changes. */
const silent = ['the annotation Updates'];

/** One sample for each query that has an answer. */
const answered =
  'group by (query) (label_replace({__name__=~"query:.+"}, "query", "$1", "__name__", "query:(.+)"))';

describe.each(promtools)('Prometheus $generation', ({ program }) => {
  test.each(dashboardFiles)('answers every query of $title where targets have series', async (dashboard) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'steward-answers-'));
    const asked = queries(dashboard).filter(({ panel }) => !silent.includes(panel));
    const rules = asked.map(({ expr }, index) => ({ record: `query:${index}`, expr }));
    const check = {
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: sampleSeries(asked.map(({ expr }) => expr)),
          promql_expr_test: [
            {
              expr: answered,
              eval_time: sampleTime,
              exp_samples: asked.map((_query, index) => ({ labels: `{query="${index}"}`, value: 1 })),
            },
          ],
        },
      ],
    };
    await writeFile(path.join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'queries', rules }] }));
    await writeFile(path.join(folder, 'check.yml'), JSON.stringify(check));
    try {
      expect(await runPromtool(program, ['test', 'rules', path.join(folder, 'check.yml')])).toContain(
        'SUCCESS',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
