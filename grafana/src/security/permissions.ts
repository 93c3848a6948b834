import { lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const violations = `wordpress_path_permission_violations{${chosen}}`;
const empty = 'No permissions were read yet';

/** Whether the files of the sites may be read and changed by those who should. */
export function permissionPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'File permissions',
        description: 'Whether any path of the site violates its permission profile, as the alert sees it.',
        empty,
      },
      [
        {
          expr: `sum by (job, instance) (${violations}) > bool 0`,
          legend: '{{instance}}',
        },
      ],
      { 0: { text: 'As they should be', color: 'green' }, 1: { text: 'Drifted', color: 'red' } },
    ),
    lines(
      {
        title: 'Permission violations',
        description:
          'Violations by kind, in the whole tree and its most important paths. One path may count several times.',
        empty,
      },
      [
        {
          expr: `sum by (job, instance, violation) (${violations}) > 0 or sum by (job, instance) (${violations}) == 0`,
          legend: '{{instance}} {{violation}}',
        },
      ],
      { unit: 'short', limit: thresholds.permissionViolations },
    ),
    lines(
      {
        title: 'Where permissions are violated',
        description: 'Violations by kind of path: those of config and htaccess are the most urgent.',
        empty: 'No path violates its permission profile',
      },
      [
        {
          expr: `sum by (job, instance, path_group) (wordpress_path_group_permission_violations{${chosen}})`,
          legend: '{{instance}} {{path_group}}',
        },
      ],
      { unit: 'short', limit: thresholds.permissionViolations },
    ),
  ];
}
