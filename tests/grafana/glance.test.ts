import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contentAlerts, kinds, watchingAlerts } from '../../grafana/src/command-center/kinds.ts';
import { promtools, runPromtool } from '../rules/promtool.ts';
import { alertRulesIn, rulesFolder } from '../rules/rule-files.ts';
import { exprOf } from './dashboard-files.ts';

const FINE = 2;
const NEEDS_A_LOOK = 1;
const BROKEN = 0;
/** When the lines are read: all that happens has been so for twenty minutes by then. */
const AT = '60m';
const since40 = (before: string, after: string) => `${before}x40 ${after}x40`;

/** One target of each kind, and two bots, all well. Times are seconds since the epoch, where promtool's clock begins. */
const well: Readonly<Record<string, string>> = {
  'up{job="host", instance="web1", host="web1"}': '1x80',
  'host_up{job="host", instance="web1", host="web1"}': '1x80',
  'host_service_up{job="host", instance="web1", host="web1", manager="systemd", name="nginx"}': '1x80',
  'host_filesystem_avail_bytes{job="host", instance="web1", host="web1", mountpoint="/"}': '50e9x80',
  'host_filesystem_size_bytes{job="host", instance="web1", host="web1", mountpoint="/"}': '100e9x80',
  'host_filesystem_readonly{job="host", instance="web1", host="web1", mountpoint="/"}': '0x80',
  'up{job="site", instance="blog", host="web1"}': '1x80',
  'probe_success{job="site", instance="blog", host="web1"}': '1x80',
  'wordpress_up{job="site", instance="blog", host="web1"}': '1x80',
  'phpfpm_up{job="site", instance="blog", host="web1"}': '1x80',
  'phpfpm_listen_queue{job="site", instance="blog", host="web1"}': '0x80',
  'mysql_up{job="site", instance="blog", host="web1"}': '1x80',
  'content_posts_missed_schedule{job="site", instance="blog", host="web1", post_type="post"}': '0x80',
  'content_posts_scheduled_without_cron_event{job="site", instance="blog", host="web1", post_type="post"}':
    '0x80',
  'content_oldest_pending_timestamp_seconds{job="site", instance="blog", host="web1"}': '0x80',
  'up{job="bot", instance="trend", host="web1"}': '1x80',
  'freqtrade_up{job="bot", instance="trend", host="web1"}': '1x80',
  'freqtrade_state{job="bot", instance="trend", host="web1", state="running"}': '1x80',
  'freqtrade_state{job="bot", instance="trend", host="web1", state="stopped"}': '0x80',
  'freqtrade_last_process_timestamp_seconds{job="bot", instance="trend", host="web1"}': '0+60x80',
  'freqtrade_timeframe_seconds{job="bot", instance="trend", host="web1"}': '300x80',
  'freqtrade_candle_last_timestamp_seconds{job="bot", instance="trend", host="web1", pair="BTC/USDT"}':
    '0+60x80',
  'up{job="bot", instance="grid", host="web1"}': '1x80',
  'trading_bot_up{job="bot", instance="grid", host="web1"}': '1x80',
  'trading_bot_running{job="bot", instance="grid", host="web1"}': '1x80',
  'trading_bot_last_loop_timestamp_seconds{job="bot", instance="grid", host="web1"}': '0+60x80',
  'up{job="job", instance="backup"}': '1x80',
  'job_late{job="job", instance="backup"}': '0x80',
  'job_last_success_timestamp_seconds{job="job", instance="backup"}': '0x80',
  'job_last_failure_timestamp_seconds{job="job", instance="backup"}': '0x80',
  'up{job="exporter", instance="exporter:9840"}': '1x80',
  'steward_scrape_collector_success{job="site", instance="blog", host="web1", collector="probe"}': '1x80',
  'up{job="remediator", instance="remediator:9841"}': '1x80',
  'steward_remediator_runs_awaiting_approval{job="remediator", instance="remediator:9841"}': '0x80',
};

/** What becomes of a target that cannot be read any more: `up` is 0, and nothing else is there. */
function notRead(instance: string): Record<string, string> {
  const own = Object.keys(well).filter((series) => series.includes(`instance="${instance}"`));
  return Object.fromEntries(
    own.map((series) => [series, series.startsWith('up{') ? since40('1', '0') : '1x40 stale']),
  );
}

/** The series of a metric, and what becomes of them. */
function change(metric: string, values: string, instance = ''): Record<string, string> {
  const changed = Object.keys(well).filter(
    (series) => series.startsWith(`${metric}{`) && series.includes(`instance="${instance}`),
  );
  if (changed.length === 0) throw new Error(`no series of ${metric}`);
  return Object.fromEntries(changed.map((series) => [series, values]));
}

/** Something that happens, and the lines that are not green then. */
interface Happening {
  readonly what: string;
  readonly series: Readonly<Record<string, string>>;
  readonly not: Readonly<Record<string, number>>;
}

const happenings: readonly Happening[] = [
  { what: 'nothing happens', series: {}, not: {} },
  {
    what: 'a site is down',
    series: change('probe_success', since40('1', '0')),
    not: { Sites: BROKEN },
  },
  {
    what: 'a site cannot be read any more',
    series: notRead('blog'),
    not: { Sites: BROKEN, Content: BROKEN, Watching: NEEDS_A_LOOK },
  },
  {
    what: 'the database of a site is down, behind a page cache',
    series: change('mysql_up', since40('1', '0')),
    not: { Sites: BROKEN },
  },
  {
    what: 'requests wait for PHP',
    series: change('phpfpm_listen_queue', since40('0', '4')),
    not: { Sites: NEEDS_A_LOOK },
  },
  {
    what: 'a host is down',
    series: change('host_up', since40('1', '0')),
    not: { Servers: BROKEN },
  },
  {
    what: 'a host cannot be read any more',
    series: notRead('web1'),
    not: { Servers: BROKEN, Services: BROKEN, Watching: NEEDS_A_LOOK },
  },
  {
    what: 'a disk is almost full',
    series: change('host_filesystem_avail_bytes', since40('50e9', '8e9')),
    not: { Servers: NEEDS_A_LOOK },
  },
  {
    what: 'a disk is full',
    series: change('host_filesystem_avail_bytes', since40('50e9', '1e9')),
    not: { Servers: BROKEN },
  },
  {
    what: 'a service is down',
    series: change('host_service_up', since40('1', '0')),
    not: { Services: BROKEN },
  },
  {
    what: 'a freqtrade is dead',
    series: change('freqtrade_up', since40('1', '0')),
    not: { Bots: BROKEN },
  },
  {
    what: 'a freqtrade stalls',
    series: change('freqtrade_last_process_timestamp_seconds', '0+60x40 2400x40'),
    not: { Bots: BROKEN },
  },
  {
    what: 'a freqtrade gets no candles',
    series: change('freqtrade_candle_last_timestamp_seconds', '0+60x30 1800x50'),
    not: { Bots: BROKEN },
  },
  {
    what: 'a freqtrade is stopped',
    series: change('freqtrade_state', since40('0', '1'), 'trend", host="web1", state="stopped'),
    not: { Bots: NEEDS_A_LOOK },
  },
  {
    what: 'a bot of another kind is dead',
    series: change('trading_bot_up', since40('1', '0')),
    not: { Bots: BROKEN },
  },
  {
    what: 'a bot of another kind stalls',
    series: change('trading_bot_last_loop_timestamp_seconds', '0+60x40 2400x40'),
    not: { Bots: BROKEN },
  },
  {
    what: 'a bot of another kind cannot be read any more',
    series: notRead('grid'),
    not: { Bots: BROKEN, Watching: NEEDS_A_LOOK },
  },
  {
    what: 'a post misses its time',
    series: change('content_posts_missed_schedule', since40('0', '1')),
    not: { Content: BROKEN },
  },
  {
    what: 'a scheduled post has no cron event',
    series: change('content_posts_scheduled_without_cron_event', since40('0', '1')),
    not: { Content: BROKEN },
  },
  {
    what: 'a post has waited long for review',
    series: change('content_oldest_pending_timestamp_seconds', '-700000x80'),
    not: { Content: NEEDS_A_LOOK },
  },
  {
    what: 'a job is late',
    series: change('job_late', since40('0', '1')),
    not: { Jobs: BROKEN },
  },
  {
    what: 'a job fails',
    series: change('job_last_failure_timestamp_seconds', since40('0', '2400')),
    not: { Jobs: NEEDS_A_LOOK },
  },
  {
    what: 'what knows of a job cannot be read any more',
    series: notRead('backup'),
    not: { Jobs: BROKEN, Watching: NEEDS_A_LOOK },
  },
  {
    what: 'a collector fails',
    series: change('steward_scrape_collector_success', since40('1', '0')),
    not: { Sites: NEEDS_A_LOOK, Watching: NEEDS_A_LOOK },
  },
  {
    what: 'the remediator is down',
    series: notRead('remediator:9841'),
    not: { Watching: BROKEN },
  },
  {
    what: 'a run waits for approval, which is on another panel',
    series: change('steward_remediator_runs_awaiting_approval', since40('0', '1')),
    not: {},
  },
];

/** What promtool has to expect of one thing that happens. */
function promtoolTest({ what, series, not }: Happening): object {
  return {
    name: what,
    interval: '1m',
    input_series: Object.entries({ ...well, ...series }).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: kinds.map(({ name }) => ({
      expr: exprOf('Command center', 'Everything at a glance', name),
      eval_time: AT,
      exp_samples: [{ labels: '{}', value: not[name] ?? FINE }],
    })),
  };
}

describe.each(promtools)('the lines of everything at a glance on Prometheus $generation', ({ program }) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'steward-glance-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(happenings)('when $what', async (happening) => {
    const file = path.join(folder, 'check.yml');
    const tests = [promtoolTest(happening)];
    await writeFile(
      file,
      JSON.stringify({ rule_files: [`${rulesFolder}/*.yml`], evaluation_interval: '1m', tests }),
    );
    expect(await runPromtool(program, ['test', 'rules', file])).toContain('SUCCESS');
  });
});

test.each([
  ['content.yml', contentAlerts, []],
  // The one always fires, the others are no fault.
  ['steward.yml', watchingAlerts, ['Watchdog', 'RunAwaitsApproval', 'StewardDrill']],
] as const)('the alerts of %s are those of its line', (file, listed, others) => {
  const names = alertRulesIn(file).map(({ alert }) => alert);
  expect([...listed, ...others].toSorted()).toEqual(names.toSorted());
});
