import { lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

const empty = 'WordPress was not asked yet';

/** Whether the sites are set up so that faults show nothing and updates come by themselves. */
export function settingPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'Debugging',
        description:
          'Constants for debugging. WP_DEBUG_DISPLAY shows visitors paths and queries while WP_DEBUG is on.',
        empty,
      },
      [{ expr: `wordpress_debug_enabled{${chosen}}`, legend: '{{instance}} {{constant}}' }],
      { 0: { text: 'Off', color: 'green' }, 1: { text: 'On', color: 'orange' } },
    ),
    stateTimeline(
      {
        title: 'Automatic updates of WordPress',
        description: 'Whether WordPress would install an update by itself; filters of plugins are not seen.',
        empty,
      },
      [{ expr: `wordpress_core_auto_update_enabled{${chosen}}`, legend: '{{instance}} {{severity}}' }],
      { 0: { text: 'By hand', color: 'orange' }, 1: { text: 'By itself', color: 'green' } },
    ),
    stateTimeline(
      {
        title: 'Other constants of wp-config.php',
        description:
          'Constants for editing of files, updates, cron and caches. A change you did not make is a sign.',
        empty,
      },
      [{ expr: `wordpress_constant_enabled{${chosen}}`, legend: '{{instance}} {{constant}}' }],
      { 0: { text: 'Off', color: 'blue' }, 1: { text: 'On', color: 'purple' } },
    ),
    lines(
      {
        title: 'Site Health',
        description: 'Results that are critical or recommended, as WordPress last counted them, once a week.',
        empty: 'WordPress has not run its Site Health tests yet',
      },
      [
        {
          expr: `wordpress_site_health_issues{${chosen}, status!="good"}`,
          legend: '{{instance}} {{status}}',
        },
      ],
      { unit: 'short' },
    ).decimals(0),
  ];
}
