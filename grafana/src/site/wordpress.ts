import { brokenOrFine, lines, stateTimeline, upOrDown, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { cacheLooksBack, thresholds } from '../thresholds.ts';

const empty = 'WordPress was not asked yet';

/** Whether WordPress behind the pages works: itself, its cron and what slows every visit. */
export function wordpressPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'What the pages need',
        description:
          'Whether WordPress loads without plugins, the pool of PHP-FPM answers and the database lets the site in.',
        empty,
      },
      [
        { expr: `wordpress_up{${chosen}}`, legend: '{{instance}} WordPress' },
        { expr: `phpfpm_up{${chosen}}`, legend: '{{instance}} PHP-FPM' },
        { expr: `mysql_up{${chosen}}`, legend: '{{instance}} database' },
      ],
      upOrDown,
    ),
    stateTimeline(
      {
        title: 'What stands in the way',
        description:
          'A maintenance file that was left, tables that do not open, an OPcache that is off or full, a cache that is gone, a page without its text or that leads away.',
        empty,
      },
      [
        { expr: `wordpress_maintenance_file{${chosen}}`, legend: '{{instance}} maintenance file' },
        { expr: `mysql_tables_crashed{${chosen}} > bool 0`, legend: '{{instance}} crashed tables' },
        { expr: `1 - opcache_enabled{${chosen}}`, legend: '{{instance}} OPcache off' },
        { expr: `opcache_full{${chosen}}`, legend: '{{instance}} OPcache full' },
        ...(['page', 'object'] as const).map(lostCache),
        { expr: `probe_failed_due_to_regex{${chosen}}`, legend: '{{instance}} expected text missing' },
        { expr: `probe_http_redirected_away{${chosen}}`, legend: '{{instance}} leads to another site' },
      ],
      brokenOrFine,
    ),
    lines(
      {
        title: 'Cron overdue by',
        description:
          'How long the oldest event has been due. A few minutes are usual where visits run cron; beyond the line it stands still.',
        empty,
      },
      [
        {
          expr: `clamp_min(time() - wordpress_cron_oldest_due_timestamp_seconds{${chosen}}, 0)`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's', limit: thresholds.cronSecondsOverdue },
    ),
    lines(
      {
        title: 'Options read at every visit',
        description: 'Size of the autoloaded options. Site Health takes 800 kB for critical.',
        empty,
      },
      [{ expr: `wordpress_autoload_size_bytes{${chosen}}`, legend: '{{instance}}' }],
      { unit: 'bytes', limit: thresholds.autoloadBytes },
    ),
  ];
}

/** Whether a cache is gone that was there within the last three days; nothing for a site that has none. */
function lostCache(cache: 'page' | 'object') {
  const enabled = `wordpress_${cache}_cache_enabled{${chosen}}`;
  return {
    expr: `(${enabled} == bool 0) and max_over_time(${enabled}[${cacheLooksBack.window}]) == 1`,
    legend: `{{instance}} ${cache} cache off`,
  };
}
