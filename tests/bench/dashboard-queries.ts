import { dashboardFiles, shownPanels, type DashboardFile } from '../grafana/dashboard-files.ts';

/** A query of a panel as Grafana asks it when the dashboard is opened. */
export interface TimedQuery {
  readonly dashboard: string;
  readonly panel: string;
  readonly expr: string;
  readonly rangeSeconds: number;
  /** Missing where only the end of the time shown is asked for. */
  readonly stepSeconds?: number;
}

/** As shipped in prometheus.yml; Grafana takes it for the smallest step, and four of it for the shortest rate. */
const SCRAPE_SECONDS = 15;
/** So many points Grafana asks for: a panel of half a large screen has about as many pixels. */
const POINTS = 1000;
const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** Every query of every panel, over the time that its dashboard shows at first, for all targets. */
export function dashboardQueries(): TimedQuery[] {
  return dashboardFiles.flatMap((dashboard) => {
    const rangeSeconds = secondsIn(dashboard.time.from.replace('now-', ''));
    return shownPanels(dashboard).flatMap(({ title, targets = [], interval }) => {
      const points = Math.ceil(rangeSeconds / POINTS / SCRAPE_SECONDS) * SCRAPE_SECONDS;
      const stepSeconds = Math.max(points, interval === undefined ? 0 : secondsIn(interval));
      const rateSeconds = Math.max(stepSeconds + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS);
      return targets.map(({ expr, instant = false }) => ({
        dashboard: dashboard.title,
        panel: title,
        expr: expr
          .replaceAll('$__rate_interval', `${rateSeconds}s`)
          .replaceAll('$__range', `${rangeSeconds}s`)
          .replaceAll(/\$(job|instance)\b/g, '.+'),
        rangeSeconds,
        ...(instant ? {} : { stepSeconds }),
      }));
    });
  });
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
