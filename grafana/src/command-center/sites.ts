import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { lines } from '../panels.ts';
import { chosen } from '../query.ts';

const certificateDaysLeft = 14;

/** How the sites do. */
export function sitePanels(): PanelBuilder[] {
  return [
    lines(
      {
        title: 'Response time',
        description: 'How long the whole probe of the site took, redirects included.',
      },
      [{ expr: `probe_duration_seconds{${chosen}}`, legend: '{{instance}}' }],
      { unit: 's' },
    ),
    lines(
      {
        title: 'Status code',
        description: 'The last status code of the site; 0 where it did not answer at all.',
      },
      [{ expr: `probe_http_status_code{${chosen}}`, legend: '{{instance}}' }],
      { unit: 'none', limit: 400 },
    ),
    lines(
      {
        title: 'Permission violations',
        description:
          'Violations of the permission profile, by group of paths, in the whole tree and in its most important paths. One path may count several times.',
      },
      [
        {
          expr: `sum by (instance, path_group, scope) (wordpress_path_permission_violations{${chosen}}) > 0`,
          legend: '{{instance}} {{path_group}} ({{scope}})',
        },
      ],
      { unit: 'short' },
    ),
    lines(
      {
        title: 'Certificate runs out in',
        description: `Time until the first certificate of the chain runs out. Below ${certificateDaysLeft} days its renewal has probably failed.`,
      },
      [{ expr: `probe_ssl_earliest_cert_expiry{${chosen}} - time()`, legend: '{{instance}}' }],
      { unit: 's', limit: certificateDaysLeft * 86_400, below: true },
    ),
  ];
}
