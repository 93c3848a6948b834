import { lines, opens, stateTimeline, upOrDown, type AnyPanel } from '../panels.ts';
import { pages } from '../pages.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No sites in steward.yml';

/** Whether visitors get their pages: rate, errors and duration. */
export function visitorPanels(): AnyPanel[] {
  return [
    opens(
      stateTimeline(
        {
          title: 'Answers',
          description: 'Whether the page of the site answered as it should. Gaps: it was not probed.',
          empty,
        },
        [{ expr: `probe_success{${chosen}}`, legend: '{{instance}}' }],
        upOrDown,
      ),
      pages.host,
      'host',
    ),
    lines(
      {
        title: 'Response time',
        description: 'How long the whole probe of the page took, redirects included.',
        empty,
      },
      [{ expr: `probe_duration_seconds{${chosen}}`, legend: '{{instance}}' }],
      { unit: 's', limit: thresholds.siteSeconds },
    ),
    lines(
      {
        title: 'Share of requests that failed',
        description: "Answers with a status of 5xx among all requests in the web server's log.",
        empty: 'No access log in steward.yml',
      },
      [{ expr: `${requests('status="5xx", ')} / ${requests('')}`, legend: '{{instance}}' }],
      { unit: 'percentunit', limit: thresholds.serverErrorRatio },
    ),
    lines(
      {
        title: 'Requests',
        description: "Requests of all visitors in the web server's log.",
        empty: 'No access log in steward.yml',
      },
      [{ expr: requests(''), legend: '{{instance}}' }],
      { unit: 'reqps' },
    ),
    phases(),
    failedProbes(),
    certificate(),
  ];
}

function requests(status: string): string {
  return `sum by (job, instance) (rate(wordpress_log_requests_total{${status}${chosen}}[$__rate_interval]))`;
}

function phases(): AnyPanel {
  return lines(
    {
      title: 'Where the time of a probe goes',
      description:
        'Time of each phase over all redirects, on average of the chosen sites. processing is PHP.',
      empty,
    },
    [{ expr: `avg by (phase) (probe_http_duration_seconds{${chosen}})`, legend: '{{phase}}' }],
    { unit: 's' },
  );
}

function failedProbes(): AnyPanel {
  return lines(
    {
      title: 'Share of probes that failed',
      description: 'Of the last hour and of the last day: what uses up the error budget of 0.5 % in 30 days.',
      empty,
    },
    [
      { expr: `instance:probe_failures:ratio1h{${chosen}}`, legend: '{{instance}} hour' },
      { expr: `instance:probe_failures:ratio1d{${chosen}}`, legend: '{{instance}} day' },
    ],
    { unit: 'percentunit' },
  );
}

function certificate(): AnyPanel {
  return lines(
    {
      title: 'Certificate runs out in',
      description:
        'Time until the first certificate of the chain runs out. Below the line its renewal has failed.',
      empty: 'No site with HTTPS',
    },
    [{ expr: `probe_ssl_earliest_cert_expiry{${chosen}} - time()`, legend: '{{instance}}' }],
    { unit: 's', limit: thresholds.certificateSecondsLeft },
  );
}
