import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Target {
  readonly expr: string;
  readonly refId: string;
  readonly datasource: { readonly uid: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly refresh?: number;
}

/** What the tests read of a dashboard's file. */
export interface DashboardFile {
  readonly file: string;
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

/** The folder of the generated dashboards. */
export const dashboardsFolder = path.join(import.meta.dirname, '../../grafana/dashboards');

/** Every generated dashboard. */
export const dashboardFiles = readdirSync(dashboardsFolder).map((file): DashboardFile => {
  const text = readFileSync(path.join(dashboardsFolder, file), 'utf8');
  return { file, ...(JSON.parse(text) as Omit<DashboardFile, 'file'>) };
});

/** Every query of a dashboard as Prometheus gets it, its variables filled in. */
export function queries(dashboard: DashboardFile): { panel: string; expr: string }[] {
  return dashboard.panels.flatMap((panel) =>
    (panel.targets ?? []).map(({ expr }) => ({
      panel: panel.title,
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$(job|instance)\b/g, '.+'),
    })),
  );
}
