import { dashboardFiles, shownPanels, type DashboardFile } from '../grafana/dashboard-files.ts';

/** A query of a panel, an annotation or a variable as Grafana asks it when the dashboard is opened. */
export interface TimedQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly expr: string;
  readonly rangeSeconds: number;
  /** Missing where only the end of the time shown is asked for. */
  readonly stepSeconds?: number;
  /** Of a variable: the label whose values over the time shown are asked for. */
  readonly label?: string;
}

/** As shipped in prometheus.yml; Grafana takes it for the smallest step, and four of it for the shortest rate. */
const SCRAPE_SECONDS = 15;
/** So many points Grafana asks for: a panel of half a large screen has about as many pixels. */
const POINTS = 1000;
/** What annotations ask for, as their `step` says. */
const ANNOTATION_STEP_SECONDS = 60;
const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** Every query of every panel, annotation and variable, over the time that its dashboard shows at first, for all targets. */
export function dashboardQueries(): TimedQuery[] {
  return dashboardFiles.flatMap((dashboard) => [
    ...queriesOfPanels(dashboard),
    ...queriesOfAnnotations(dashboard),
    ...queriesOfVariables(dashboard),
  ]);
}

function queriesOfAnnotations({ title, annotations, time }: DashboardFile): TimedQuery[] {
  const rangeSeconds = secondsShown(time.from);
  return annotations.list.flatMap(({ name, expr = '' }) =>
    expr === ''
      ? []
      : [
          {
            dashboard: title,
            panel: `the annotation ${name}`,
            expr: forAllTargets(expr),
            rangeSeconds,
            stepSeconds: ANNOTATION_STEP_SECONDS,
          },
        ],
  );
}

function queriesOfVariables({ title, templating, time }: DashboardFile): TimedQuery[] {
  return templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name, query }) => {
      const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      if (selector === undefined || label === undefined) throw new Error(`this asks for no label: ${query}`);
      return {
        dashboard: title,
        panel: `the variable ${name}`,
        expr: forAllTargets(selector),
        rangeSeconds: secondsShown(time.from),
        label,
      };
    });
}

function queriesOfPanels(dashboard: DashboardFile): TimedQuery[] {
  const rangeSeconds = secondsShown(dashboard.time.from);
  return shownPanels(dashboard).flatMap(({ title, targets = [], interval }) => {
    const points = Math.ceil(rangeSeconds / POINTS / SCRAPE_SECONDS) * SCRAPE_SECONDS;
    const stepSeconds = Math.max(points, interval === undefined ? 0 : secondsIn(interval));
    const rateSeconds = Math.max(stepSeconds + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS);
    return targets.map(({ expr, instant = false }) => ({
      dashboard: dashboard.title,
      panel: title,
      expr: forAllTargets(expr)
        .replaceAll('$__rate_interval', `${rateSeconds}s`)
        .replaceAll('$__range', `${rangeSeconds}s`),
      rangeSeconds,
      ...(instant ? {} : { stepSeconds }),
    }));
  });
}

function secondsShown(from: string): number {
  return secondsIn(from.replace('now-', ''));
}

function forAllTargets(expr: string): string {
  return expr.replaceAll(/\$(job|instance)\b/g, '.+');
}

/** The dashboard that asks most. */
export function greediest(count: (dashboard: DashboardFile) => number): { title: string; queries: number } {
  const counted = dashboardFiles.map((dashboard) => ({ title: dashboard.title, queries: count(dashboard) }));
  return counted.reduce((most, one) => (one.queries > most.queries ? one : most));
}

function secondsIn(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? NaN);
  if (!(seconds > 0)) throw new Error(`this is no time to show: ${text}`);
  return seconds;
}
