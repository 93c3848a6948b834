import { lines, opens, type AnyPanel } from '../panels.ts';
import { pages, type Page } from '../pages.ts';
import { chosen } from '../query.ts';

/** A series that has a band, and how it is shown. */
interface Band {
  readonly anomaly: string;
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly empty: string;
  readonly page: Page;
}

const noPool = 'No site with a pool of php-fpm in steward.yml';
const noAccessLog = 'No access log of a site in steward.yml';
const bands: readonly Band[] = [
  {
    anomaly: 'requests',
    title: 'Visits',
    description:
      "Requests a second for pages, as the access log has them, without Steward's own. A drop to nothing by day is a site that visitors do not reach.",
    unit: 'reqps',
    empty: noAccessLog,
    page: pages.site,
  },
  {
    anomaly: 'latency',
    title: 'Time of a probe',
    description: 'How long the page that Steward asks for took, redirects included.',
    unit: 's',
    empty: 'No sites in steward.yml',
    page: pages.site,
  },
  {
    anomaly: 'errors',
    title: 'Errors of the server',
    description: 'Answers a second with a status of 5xx, as the access log has them.',
    unit: 'reqps',
    empty: noAccessLog,
    page: pages.site,
  },
  {
    anomaly: 'php_processes',
    title: 'PHP processes at work',
    description:
      "Processes of the pool that answer a request other than Steward's, on average of five minutes.",
    unit: 'short',
    empty: noPool,
    page: pages.site,
  },
  {
    anomaly: 'database_growth',
    title: 'Growth of the database in a day',
    description:
      'By how much the database is larger than a day ago. A jump is often a log or sessions in a table.',
    unit: 'bytes',
    empty: 'No database has been read for a day yet',
    page: pages.site,
  },
  {
    anomaly: 'equity',
    title: 'Equity of bots',
    description: 'What the bot manages is worth, in its own currency.',
    unit: 'short',
    empty: 'No bots in steward.yml',
    page: pages.bot,
  },
];

/** Each value between the bounds of what is expected. */
export function bandPanels(): AnyPanel[] {
  return bands.map(({ anomaly, title, description, unit, empty, page }) => {
    const series = `{${chosen}, anomaly="${anomaly}"}`;
    const panel = lines(
      { title, description, empty },
      [
        { expr: `instance:anomaly_input:avg5m${series}`, legend: '{{instance}}' },
        { expr: `instance:anomaly_lower:bound${series}`, legend: '{{instance}} at least' },
        { expr: `instance:anomaly_upper:bound${series}`, legend: '{{instance}} at most' },
      ],
      { unit, fitted: true },
    );
    return opens(panel, page);
  });
}
