import { stateTimeline, type AnyPanel } from '../panels.ts';
import { overviewAddress, pages, type Page } from '../pages.ts';
import { chosen, type Query } from '../query.ts';

/** A kind of what is watched: broken where any of its targets is. */
interface Kind {
  readonly query: Query;
  readonly page: Page;
}

const kinds: readonly Kind[] = [
  { query: worst('Sites', `probe_success{${chosen}}`), page: pages.site },
  { query: worst('Servers', `host_up{${chosen}}`), page: pages.host },
  { query: worst('Services', `host_service_up{${chosen}}`), page: pages.host },
  { query: worst('Bots', `freqtrade_up{${chosen}}`), page: pages.bots },
  {
    query: worst(
      'Content',
      `(content_posts_missed_schedule{${chosen}} + content_posts_scheduled_without_cron_event{${chosen}}) == bool 0`,
    ),
    page: pages.content,
  },
  { query: worst('Jobs', `1 - job_late{${chosen}}`), page: pages.jobs },
  { query: worst('Watching', `steward_scrape_collector_success{${chosen}}`), page: pages.steward },
];

/** What is wrong now, and since when. */
export function brokenPanels(): AnyPanel[] {
  return [everything(), alerts()];
}

function everything(): AnyPanel {
  const panel = stateTimeline(
    {
      title: 'Everything at a glance',
      description:
        'One line for each kind of what is watched. Red while any of its targets is down, late, stuck or cannot be read. A kind that is not in steward.yml has no line.',
      empty: 'Nothing is watched: see Steward itself',
    },
    kinds.map(({ query }) => query),
    { 1: { text: 'All fine', color: 'green' }, 0: { text: 'Something is broken', color: 'red' } },
  );
  for (const { query, page } of kinds) {
    const link = { title: `Open ${page.title}`, url: overviewAddress(page) };
    panel.overrideByName(query.legend, [{ id: 'links', value: [link] }]);
  }
  return panel;
}

function alerts(): AnyPanel {
  return stateTimeline(
    {
      title: 'Alerts',
      description: 'Every alert while it fired. Nothing here means that nothing known is wrong.',
      empty: 'No alert fired',
    },
    [
      {
        // Alerts about the whole, such as ExporterDown, have no instance; they are always shown.
        expr: 'max by (alertname, instance, name) (ALERTS{alertstate="firing", alertname!="Watchdog", instance=~"$instance|"})',
        legend: '{{alertname}} {{instance}} {{name}}',
      },
    ],
    { 1: { text: 'Firing', color: 'red' } },
  );
}

function worst(legend: string, expr: string): Query {
  return { expr: `min(${expr})`, legend };
}
