import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { stateTimeline, type States } from '../panels.ts';
import { chosen } from '../query.ts';

const upOrDown: States = { 1: { text: 'Up', color: 'green' }, 0: { text: 'Down', color: 'red' } };

/** What is wrong now, and since when. */
export function brokenPanels(): PanelBuilder[] {
  return [
    stateTimeline(
      {
        title: 'Alerts',
        description: 'Every alert while it fired. Nothing here means that nothing known is wrong.',
      },
      {
        // Alerts about the whole, such as ExporterDown, have no instance; they are always shown.
        expr: 'max by (alertname, instance, name) (ALERTS{alertstate="firing", alertname!="Watchdog", instance=~"$instance|"})',
        legend: '{{alertname}} {{instance}} {{name}}',
      },
      { 1: { text: 'Firing', color: 'red' } },
    ).span(24),
    stateTimeline(
      { title: 'Sites', description: 'Whether the site answered as it should. Gaps: it was not probed.' },
      { expr: `probe_success{${chosen}}`, legend: '{{instance}}' },
      upOrDown,
    ),
    stateTimeline(
      { title: 'Services', description: 'Whether the service was running, as its manager says.' },
      { expr: `host_service_up{${chosen}}`, legend: '{{instance}} {{name}}' },
      upOrDown,
    ),
    stateTimeline(
      {
        title: 'Hosts',
        description: 'Whether the host let Steward in. While it is down nothing on it is known.',
      },
      { expr: `host_up{${chosen}}`, legend: '{{instance}}' },
      upOrDown,
    ),
    stateTimeline(
      {
        title: 'File permissions',
        description: 'Whether any path of the site violates its permission profile, as the alert sees it.',
      },
      {
        expr: `sum by (instance) (wordpress_path_permission_violations{${chosen}}) > bool 0`,
        legend: '{{instance}}',
      },
      { 0: { text: 'As they should be', color: 'green' }, 1: { text: 'Drifted', color: 'red' } },
    ),
  ];
}
