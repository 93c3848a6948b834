import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { ProvisionedDashboard } from './model.ts';

/**
 * The text of a dashboard's file. Panels get ids and queries get refIds by their place, since the builders leave
 * them out and Grafana would otherwise give new ones at each load.
 */
export function renderDashboard(dashboard: ProvisionedDashboard): string {
  const panels = (dashboard.panels ?? []).map(withIds);
  const annotations = { list: [grafanaAnnotations, ...(dashboard.annotations.list ?? [])] };
  return `${JSON.stringify({ ...dashboard, annotations, panels }, withoutLeftovers, 2)}\n`;
}

/**
 * What the builders write though Grafana's published form of a dashboard does not have it: of variables what only intervals have, and the footer
 * of tables, which has become an option of each field.
 */
const leftovers = ['auto', 'auto_min', 'auto_count', 'footer'];

function withoutLeftovers(key: string, value: unknown): unknown {
  return leftovers.includes(key) ? undefined : value;
}

/** What people and alerts note on a dashboard; Grafana adds it to every dashboard that lacks it. */
const grafanaAnnotations = {
  builtIn: 1,
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'rgba(0, 211, 255, 1)',
  name: 'Annotations & Alerts',
  type: 'dashboard',
};

function withIds(panel: Panel | RowPanel, index: number): Panel | RowPanel {
  const numbered = { ...panel, id: index + 1 };
  if (!('targets' in numbered)) return numbered;
  const targets = (numbered.targets ?? []).map((target, place) => ({
    ...target,
    refId: String.fromCharCode('A'.charCodeAt(0) + place),
  }));
  return { ...numbered, targets };
}
