import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Target {
  readonly expr: string;
  readonly refId: string;
  readonly legendFormat?: string;
  /** Whether it asks for the end of the time shown alone. */
  readonly instant?: boolean;
  readonly datasource: { readonly uid: string; readonly type: string };
}

interface Link {
  readonly title: string;
  readonly url: string;
  readonly keepTime?: boolean;
}

/** What the tests read of a panel. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  /** The smallest step of its queries, such as `1h`. */
  readonly interval?: string;
  readonly options?: { readonly legend?: { readonly placement: string } };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly noValue?: string;
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] };
      readonly links?: readonly Link[];
    };
    readonly overrides: readonly {
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly label?: string;
  readonly refresh?: number;
  readonly multi?: boolean;
  readonly allValue?: string;
  readonly datasource?: { readonly uid: string };
}

interface Annotation {
  readonly name: string;
  readonly expr?: string;
}

/** What the tests read of a dashboard's file. */
export interface DashboardFile {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly editable: boolean;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly links: readonly Link[];
  /** What is shown at first, such as from `now-6h` to `now`. */
  readonly time: { readonly from: string; readonly to: string };
  readonly annotations: { readonly list: readonly Annotation[] };
  readonly templating: { readonly list: readonly Variable[] };
}

/** The folder of the generated dashboards. */
export const dashboardsFolder = path.join(import.meta.dirname, '../../grafana/dashboards');

/** Every generated dashboard. */
export const dashboardFiles = readdirSync(dashboardsFolder).map((file): DashboardFile => {
  const text = readFileSync(path.join(dashboardsFolder, file), 'utf8');
  return { file, ...(JSON.parse(text) as Omit<DashboardFile, 'file'>) };
});

/** A query of a dashboard, and what asks it. */
export interface AskedQuery {
  readonly panel: string;
  readonly expr: string;
  /** How its series are named; missing where it is asked by a table or an annotation. */
  readonly legend?: string | undefined;
  /** Its place in its panel, from 0 on; missing where an annotation asks it. */
  readonly place?: number;
}

/** Every query of a dashboard as it stands in the file, those of its annotations too. */
export function rawQueries(dashboard: DashboardFile): AskedQuery[] {
  return [
    ...panelQueries(dashboard),
    ...dashboard.annotations.list.flatMap(({ name, expr }) =>
      expr === undefined ? [] : [{ panel: `the annotation ${name}`, expr }],
    ),
  ];
}

/** How many queries a dashboard asks when it is opened: those of its panels, annotations and variables. */
export function queryCount(dashboard: DashboardFile): number {
  const variables = dashboard.templating.list.filter(({ type }) => type === 'query');
  return rawQueries(dashboard).length + variables.length;
}

/** Every query of a dashboard's panels as it stands in the file. */
export function panelQueries(dashboard: DashboardFile): AskedQuery[] {
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }, place) => ({ panel: title, expr, legend: legendFormat, place })),
  );
}

/**
 * Every query of every dashboard, annotations too, named by its legend, such as `Hosts / Swap in use / {{instance}}`: its place in a panel changes
 * where another is added.
 */
export function namedQueries(): { name: string; expr: string }[] {
  return dashboardFiles.flatMap((dashboard) =>
    rawQueries(dashboard).map(({ panel, legend, expr }) => ({
      name: [dashboard.title, panel, legend].filter((part) => part !== undefined).join(' / '),
      expr,
    })),
  );
}

/** One query of a panel as Prometheus gets it, by its legend. Throws where there is none. */
export function exprOf(title: string, panel: string, legend: string): string {
  const dashboard = dashboardFiles.find((candidate) => candidate.title === title);
  const asked = dashboard === undefined ? [] : queries(dashboard);
  const query = asked.find((candidate) => candidate.panel === panel && candidate.legend === legend);
  if (query === undefined) throw new Error(`no such query: ${title} / ${panel} / ${legend}`);
  return query.expr;
}

/** Every query of a dashboard as Prometheus gets it, its variables filled in. */
export function queries(dashboard: DashboardFile): AskedQuery[] {
  return rawQueries(dashboard).map(({ expr, ...where }) => ({
    ...where,
    expr: withInterval(expr).replaceAll(/\$(job|instance)\b/g, '.+'),
  }));
}

/** How long $__rate_interval and $__range are in the tests: no rule or dashboard has this range by itself. */
export const testInterval = '83s';

/** A query with Grafana's ranges filled in, so that it is PromQL. */
export function withInterval(expr: string): string {
  return expr.replaceAll(/\$__(rate_interval|range)\b/g, testInterval);
}

/** The panels of a dashboard, without its rows. */
export function shownPanels({ panels }: DashboardFile): Panel[] {
  return panels.filter(({ type }) => type !== 'row');
}
