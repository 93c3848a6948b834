import { stateTimeline, type AnyPanel } from '../panels.ts';
import { overviewAddress } from '../pages.ts';
import { kinds, stateOf } from './kinds.ts';

/** What is wrong now, and since when. */
export function brokenPanels(): AnyPanel[] {
  return [everything(), alerts()];
}

function everything(): AnyPanel {
  const panel = stateTimeline(
    {
      title: 'Everything at a glance',
      description:
        'One line for each kind of what is watched. Red while any of its targets is down, late, stuck or cannot be read, or an alert of it is a page; orange while one is a ticket. A kind that is not in steward.yml has no line.',
      empty: 'Nothing is watched: see Steward itself',
    },
    kinds.map((kind) => ({ expr: stateOf(kind), legend: kind.name })),
    {
      2: { text: 'All fine', color: 'green' },
      1: { text: 'Needs a look', color: 'orange' },
      0: { text: 'Something is broken', color: 'red' },
    },
  );
  for (const { name, page } of kinds) {
    const link = { title: `Open ${page.title}`, url: overviewAddress(page) };
    panel.overrideByName(name, [{ id: 'links', value: [link] }]);
  }
  return panel;
}

function alerts(): AnyPanel {
  // Alerts about the whole, such as ExporterDown, have no instance; they are always shown.
  const firing = (severity: string) =>
    `ALERTS{alertstate="firing", severity="${severity}", instance=~"$instance|"}`;
  return stateTimeline(
    {
      title: 'Alerts',
      description:
        'Every alert that is a page or a ticket, while it fired. Nothing here means that nothing known is wrong. What is only unusual is on the page Anomalies.',
      empty: 'No alert fired',
    },
    [
      {
        expr: `max by (alertname, instance, name) (2 * ${firing('page')} or ${firing('ticket')})`,
        legend: '{{alertname}} {{instance}} {{name}}',
      },
    ],
    { 2: { text: 'Page', color: 'red' }, 1: { text: 'Ticket', color: 'orange' } },
  );
}
