import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promtools, runPromtool } from '../rules/promtool.ts';
import { exprOf } from './dashboard-files.ts';

const alert = (name: string, instance: string, severity: string): string =>
  `ALERTS{alertname="${name}", alertstate="firing", severity="${severity}", job="site", instance="${instance}"}`;
const drift = alert('WordPressPermissionsDrifted', 'blog', 'ticket');
const inHand = (target: string, replica = 'a'): string =>
  `steward_remediator_alert_in_hand{job="remediator", instance="${replica}", alertname="WordPressPermissionsDrifted", target="${target}"}`;
const stopped = 'freqtrade_state{job="bot", instance="trend", state="stopped"}';

/** A state of affairs, and what then stands in a line of the panel. */
interface Affairs {
  readonly what: string;
  readonly series: readonly (readonly [series: string, value: number])[];
  readonly line: string;
  readonly shown: readonly { readonly labels: string; readonly value: number }[];
}

const ALERTS_LINE = '{{alertname}} {{instance}}';
const driftShown = { labels: '{alertname="WordPressPermissionsDrifted", instance="blog"}', value: 1 };
const affairs: readonly Affairs[] = [
  { what: 'a ticket that nothing heals', series: [[drift, 1]], line: ALERTS_LINE, shown: [driftShown] },
  {
    what: 'an alert whose run is at work or rests',
    series: [
      [drift, 1],
      [inHand('blog'), 1],
    ],
    line: ALERTS_LINE,
    shown: [],
  },
  {
    what: 'an alert of one site, and a run at another',
    series: [
      [drift, 1],
      [alert('WordPressPermissionsDrifted', 'shop', 'ticket'), 1],
      [inHand('shop'), 1],
    ],
    line: ALERTS_LINE,
    shown: [driftShown],
  },
  {
    what: 'another alert of a site that a run is at',
    series: [
      [alert('SiteDown', 'blog', 'page'), 1],
      [drift, 1],
      [inHand('blog'), 1],
    ],
    line: ALERTS_LINE,
    shown: [{ labels: '{alertname="SiteDown", instance="blog"}', value: 1 }],
  },
  {
    what: 'a run that two replicas tell of',
    series: [
      [drift, 1],
      [inHand('blog'), 1],
      [inHand('blog', 'b'), 1],
    ],
    line: ALERTS_LINE,
    shown: [],
  },
  {
    what: 'an alert that is context alone',
    series: [[alert('AnomalyDetected', 'blog', 'context'), 1]],
    line: ALERTS_LINE,
    shown: [],
  },
  {
    what: 'an alert about the whole',
    series: [['ALERTS{alertname="ExporterDown", alertstate="firing", severity="page"}', 1]],
    line: ALERTS_LINE,
    shown: [{ labels: '{alertname="ExporterDown"}', value: 1 }],
  },
  {
    what: 'a run that waits for approval: its alert',
    series: [
      [drift, 1],
      ['steward_remediator_runs_awaiting_approval{job="remediator", instance="a"}', 1],
    ],
    line: ALERTS_LINE,
    shown: [driftShown],
  },
  {
    what: 'a run that waits for approval: the answer',
    series: [['steward_remediator_runs_awaiting_approval{job="remediator", instance="a"}', 2]],
    line: 'Approve runs',
    shown: [{ labels: '{job="remediator"}', value: 1 }],
  },
  {
    what: 'a freqtrade that was stopped',
    series: [[stopped, 1]],
    line: '{{instance}} is stopped',
    shown: [{ labels: '{instance="trend"}', value: 1 }],
  },
  {
    what: 'a freqtrade that a run has paused',
    series: [
      [stopped, 1],
      [inHand('trend'), 1],
    ],
    line: '{{instance}} is stopped',
    shown: [],
  },
  {
    what: 'a bot of another kind that was stopped, and one that runs',
    series: [
      ['trading_bot_running{job="bot", instance="grid"}', 0],
      ['trading_bot_running{job="bot", instance="grid2"}', 1],
    ],
    line: '{{instance}} is stopped',
    shown: [{ labels: '{instance="grid"}', value: 1 }],
  },
];

describe.each(promtools)('what waits for you, on Prometheus $generation', ({ program }) => {
  test.each(affairs)('$what', async ({ series, line, shown }) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'steward-waits-'));
    const file = path.join(folder, 'check.yml');
    const check = {
      rule_files: [],
      tests: [
        {
          interval: '1m',
          input_series: series.map(([name, value]) => ({ series: name, values: `${value}x10` })),
          promql_expr_test: [
            { expr: exprOf('Command center', 'Waits for you', line), eval_time: '5m', exp_samples: shown },
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
  });
});
