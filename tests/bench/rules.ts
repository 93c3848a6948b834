import { setTimeout as delay } from 'node:timers/promises';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { queryCount } from '../grafana/dashboard-files.ts';
import { dashboardQueries, greediest, type TimedQuery } from './dashboard-queries.ts';
import { atMost, quantile, type Bench } from './figure.ts';
import { depthsOfQuery, depthsOfRules, givePast } from './simulation/past.ts';
import { startPlayedFleet, type PlayedSize } from './simulation/played-fleet.ts';
import { recordLab } from './simulation/recorded-lab.ts';
import { ruledPrometheus, type RuledPrometheus } from './simulation/ruled-prometheus.ts';

const SIZE: PlayedSize = { hosts: 2, sites: 50, bots: 5, jobs: 2 };
const EVALUATION_SECONDS = 2;
const EVALUATIONS = 60;
const ROUNDS = 3;
/** How many of the slowest rules are shown. */
const SLOWEST_SHOWN = 60;

type Progress = (line: string) => void;

/**
 * What Prometheus takes for 50 sites and 5 bots that say what those of the lab said: one evaluation of all rules, and the slowest query of a
 * dashboard over the time that it shows at first. All that rules look back at, and dashboards show, was there for as long before.
 */
export const rules: Bench = async (progress) => {
  await using started = new AsyncDisposableStack();
  const folder = await createTempFolder('steward-bench-rules');
  started.defer(() => folder.remove());
  progress('a lab to record');
  const fleet = await startPlayedFleet(await recordLab(), SIZE);
  started.defer(() => fleet.stop());
  const prometheus = await ruledPrometheus(folder.path, fleet, EVALUATION_SECONDS);
  started.defer(() => prometheus.stop());
  const queries = dashboardQueries();
  await givePast(prometheus, [...depthsOfRules(), ...queries.map(depthsOfQuery).flat()], progress);
  await prometheus.start();
  const evaluations = await measureEvaluations(prometheus, progress);
  const slowest = await slowestQuery(prometheus, queries, progress);
  const most = greediest(queryCount);
  progress(`most queries: ${most.title}`);
  return [
    atMost('all rules evaluated, median', 'ms', 200, quantile(evaluations, 0.5), EVALUATIONS),
    atMost('most queries of a dashboard', 'count', 40, most.queries, 1),
    atMost('slowest query of a dashboard, median', 's', 1, slowest, ROUNDS),
  ];
};

/** The milliseconds of each evaluation, all groups together. */
async function measureEvaluations(prometheus: RuledPrometheus, progress: Progress): Promise<number[]> {
  const milliseconds: number[] = [];
  const byRule = new Map<string, number[]>();
  while (milliseconds.length < EVALUATIONS) {
    await delay(EVALUATION_SECONDS * 1000);
    const groups = [...(await prometheus.metrics())].filter(([series]) =>
      series.startsWith('prometheus_rule_group_last_duration_seconds'),
    );
    milliseconds.push(groups.reduce((sum, [, seconds]) => sum + seconds * 1000, 0));
    for (const [rule, seconds] of await timesOfRules(prometheus)) {
      byRule.set(rule, [...(byRule.get(rule) ?? []), seconds * 1000]);
    }
  }
  const medians = [...byRule].map(([rule, times]) => [rule, quantile(times, 0.5)] as const);
  for (const [rule, median] of medians.toSorted(([, a], [, b]) => b - a).slice(0, SLOWEST_SHOWN)) {
    progress(`${median.toFixed(1).padStart(8)} ms  ${rule}`);
  }
  return milliseconds;
}

interface RuleGroups {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly name: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly evaluationTime: number;
    }[];
  }[];
}

/** The seconds that each rule took the last time. */
async function timesOfRules(prometheus: RuledPrometheus): Promise<[string, number][]> {
  const { groups } = await prometheus.api<RuleGroups>('rules');
  return groups.flatMap((group) =>
    group.rules.map(({ name, labels, evaluationTime }): [string, number] => [
      `${group.name}: ${name}${JSON.stringify(labels ?? {})}`,
      evaluationTime,
    ]),
  );
}

/** The seconds of the query that takes longest. */
async function slowestQuery(
  prometheus: RuledPrometheus,
  queries: readonly TimedQuery[],
  progress: Progress,
): Promise<number> {
  const timed: { query: TimedQuery; seconds: number }[] = [];
  for (const query of queries) {
    const seconds: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) seconds.push(await secondsOf(prometheus, query));
    timed.push({ query, seconds: quantile(seconds, 0.5) });
  }
  const sorted = timed.toSorted((a, b) => b.seconds - a.seconds);
  for (const { query, seconds } of sorted.slice(0, 5)) {
    progress(`${seconds.toFixed(3).padStart(8)} s  ${query.dashboard}: ${query.panel}: ${query.expr}`);
  }
  return sorted[0]?.seconds ?? NaN;
}

async function secondsOf(
  prometheus: RuledPrometheus,
  { expr, rangeSeconds, stepSeconds, label }: TimedQuery,
): Promise<number> {
  const end = Date.now() / 1000;
  if (label !== undefined) {
    const shown = new URLSearchParams({
      'match[]': expr,
      start: String(end - rangeSeconds),
      end: String(end),
    });
    // Prometheus does not say what it took for the values of a label.
    const begunAtMs = performance.now();
    await prometheus.api<readonly string[]>(`label/${label}/values?${shown.toString()}`);
    return (performance.now() - begunAtMs) / 1000;
  }
  const parameters =
    stepSeconds === undefined
      ? new URLSearchParams({ query: expr })
      : new URLSearchParams({
          query: expr,
          start: String(end - rangeSeconds),
          end: String(end),
          step: String(stepSeconds),
        });
  // What Prometheus itself took: on a busy machine the answer may lie about for longer than that.
  parameters.set('stats', 'all');
  const { stats } = await prometheus.api<{ stats: { timings: { execTotalTime: number } } }>(
    `${stepSeconds === undefined ? 'query' : 'query_range'}?${parameters.toString()}`,
  );
  return stats.timings.execTotalTime;
}
