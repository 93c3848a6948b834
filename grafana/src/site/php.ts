import { lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No site with php_fpm in steward.yml';

/** How PHP-FPM and OPcache keep up. */
export function phpPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'PHP processes at work',
        description:
          'Share of the processes of the pool that are at work, the one that answers Steward among them.',
        empty,
      },
      [
        {
          expr: `phpfpm_active_processes{${chosen}} / phpfpm_processes{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', max: 1 },
    ),
    lines(
      {
        title: 'Requests waiting for PHP',
        description:
          'Requests that wait for a free process. More than none for minutes: the pool is too small.',
        empty,
      },
      [{ expr: `phpfpm_listen_queue{${chosen}}`, legend: '{{instance}}' }],
      { unit: 'short', limit: thresholds.phpRequestsWaiting },
    ),
    lines(
      {
        title: 'Pool at its limit, slow requests',
        description:
          'How often a minute the pool wanted more processes than pm.max_children, and requests above request_slowlog_timeout.',
        empty,
      },
      [
        {
          expr: `60 * rate(phpfpm_max_children_reached_total{${chosen}}[$__rate_interval])`,
          legend: '{{instance}} at the limit',
        },
        {
          expr: `60 * rate(phpfpm_slow_requests_total{${chosen}}[$__rate_interval])`,
          legend: '{{instance}} slow',
        },
      ],
      { unit: 'cpm' },
    ),
    opcache(),
  ];
}

function opcache(): AnyPanel {
  const hits = `rate(opcache_hits_total{${chosen}}[$__rate_interval])`;
  const misses = `rate(opcache_misses_total{${chosen}}[$__rate_interval])`;
  return lines(
    {
      title: 'OPcache hits and memory',
      description: 'Share of scripts that were found in OPcache, and share of its memory in use.',
      empty: 'No site with php_fpm in steward.yml, or OPcache is off',
    },
    [
      { expr: `${hits} / (${hits} + ${misses})`, legend: '{{instance}} hits' },
      {
        expr: `1 - opcache_memory_free_bytes{${chosen}} / (opcache_memory_free_bytes{${chosen}} + opcache_memory_used_bytes{${chosen}} + opcache_memory_wasted_bytes{${chosen}})`,
        legend: '{{instance}} memory',
      },
    ],
    { unit: 'percentunit', max: 1 },
  );
}
