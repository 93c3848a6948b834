import { createHash } from 'node:crypto';
import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { ProvisionedDashboard } from './model.ts';

/**
 * The text of a dashboard's file. Panels get ids by their titles, so that a link to a panel stays right when others come or go, and queries get
 * refIds by their place; the builders leave both out, and Grafana would otherwise give new ones at each load. Throws where two titles have one id.
 */
export function renderDashboard(dashboard: ProvisionedDashboard): string {
  const panels = (dashboard.panels ?? []).map(withIds);
  const clash = panels.find(({ id }, index) => panels.findIndex((other) => other.id === id) !== index);
  if (clash !== undefined) {
    throw new Error(
      `${dashboard.title ?? ''}: the title ${JSON.stringify(clash.title)} gives an id that another panel has`,
    );
  }
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

function withIds(panel: Panel | RowPanel): Panel | RowPanel {
  const kind = panel.type === 'row' ? 'row' : 'panel';
  const numbered = { ...panel, id: panelId(`${kind} ${panel.title ?? ''}`) };
  if (!('targets' in numbered)) return numbered;
  const targets = (numbered.targets ?? []).map((target, place) => ({ ...target, refId: refId(place) }));
  return { ...numbered, targets };
}

/** A positive number out of a name, of 24 bits. */
function panelId(name: string): number {
  return createHash('sha256').update(name).digest().readUIntBE(0, 3) + 1;
}

/** The refIds that Grafana gives: A to Z, then AA, AB and so on. */
export function refId(place: number): string {
  const last = String.fromCharCode('A'.charCodeAt(0) + (place % 26));
  return place < 26 ? last : refId(Math.floor(place / 26) - 1) + last;
}
