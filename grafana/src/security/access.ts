import { lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

/** Who can get in, and who tries. */
export function accessPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Administrators',
        description:
          'Users that may do everything. One more than yesterday that you did not add is a break-in.',
        empty: 'WordPress was not asked yet',
      },
      [{ expr: `wordpress_users{${chosen}, role="administrator"}`, legend: '{{instance}}' }],
      { unit: 'short' },
    ).decimals(0),
    lines(
      {
        title: 'Users by role',
        description: 'Users of all chosen sites together; those with two roles count in both.',
        empty: 'WordPress was not asked yet',
      },
      [{ expr: `sum by (role) (wordpress_users{${chosen}})`, legend: '{{role}}' }],
      { unit: 'short' },
    ).decimals(0),
    lines(
      {
        title: 'Logins that failed',
        description: 'A minute, as the web server logged them. A steady stream is somebody who guesses.',
        empty: 'No access log in steward.yml',
      },
      [{ expr: aMinute('wordpress_log_login_failures_total'), legend: '{{instance}}' }],
      { unit: 'cpm' },
    ),
    lines(
      {
        title: 'Requests to xmlrpc.php',
        description: 'A minute. Hardly anybody needs it; many of them try passwords.',
        empty: 'No access log in steward.yml',
      },
      [{ expr: aMinute('wordpress_log_xmlrpc_requests_total'), legend: '{{instance}}' }],
      { unit: 'cpm' },
    ),
  ];
}

function aMinute(counter: string): string {
  return `60 * sum by (job, instance) (rate(${counter}{${chosen}}[$__rate_interval]))`;
}
