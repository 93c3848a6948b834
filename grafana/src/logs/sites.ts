import { hourlyBars, lines, opens, type AnyPanel } from '../panels.ts';
import { pages } from '../pages.ts';
import { chosen } from '../query.ts';

const empty = 'No logs of sites in steward.yml';

/** What the logs of sites say. */
export function siteLogPanels(): AnyPanel[] {
  return [
    opens(
      lines(
        {
          title: 'Errors',
          description: 'Events a minute that are an error or worse; a message with its trace is one.',
          empty,
        },
        [
          {
            expr: `60 * sum by (job, instance) (rate(wordpress_log_events_total{${chosen}, level=~"error|critical"}[$__rate_interval]))`,
            legend: '{{instance}}',
          },
        ],
        { unit: 'cpm' },
      ),
      pages.site,
    ),
    hourlyBars(
      {
        title: 'PHP fatal errors by plugin or theme',
        description: 'In each hour, the ten that broke most, by whose code the trace leads to.',
        empty: 'No fatal errors',
      },
      [
        {
          expr: `topk(10, sum by (instance, kind, slug) (increase(wordpress_log_fatals_total{${chosen}}[$__rate_interval]))) > 0`,
          legend: '{{instance}} {{slug}} ({{kind}})',
        },
      ],
    ),
    lines(
      {
        title: 'Answers by class',
        description: 'Requests a second of all chosen sites, by class of the status.',
        empty: 'No access log in steward.yml',
      },
      [
        {
          expr: `sum by (status) (rate(wordpress_log_requests_total{${chosen}}[$__rate_interval]))`,
          legend: '{{status}}',
        },
      ],
      { unit: 'reqps' },
    ),
    duration(),
  ];
}

function duration(): AnyPanel {
  const buckets = `sum by (job, instance, le) (rate(wordpress_log_request_duration_seconds_bucket{${chosen}}[$__rate_interval]))`;
  return lines(
    {
      title: 'Duration of requests',
      description: 'Within which time 95 of 100 were answered. Only where the access log has times.',
      empty: 'No access log with times',
    },
    [{ expr: `histogram_quantile(0.95, ${buckets})`, legend: '{{instance}}' }],
    { unit: 's' },
  );
}
