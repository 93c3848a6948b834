import { lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';
import { table } from '../table.ts';

const empty = 'WordPress was not asked yet';

/** Whether what is installed is up to date. */
export function versionPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'Updates of WordPress',
        description: 'minor is of the installed branch, made for security and repairs; major is a later one.',
        empty,
      },
      [
        {
          expr: `wordpress_core_update_available{${chosen}}`,
          legend: '{{instance}} {{severity}}',
        },
      ],
      { 0: { text: 'Up to date', color: 'green' }, 1: { text: 'Waits', color: 'orange' } },
    ),
    lines(
      {
        title: 'Updates of plugins and themes',
        description: 'Updates that wait, as WordPress noted when it last asked.',
        empty,
      },
      [
        {
          expr: `wordpress_extension_updates{${chosen}}`,
          legend: '{{instance}} {{extension_kind}}',
        },
      ],
      { unit: 'short' },
    ).decimals(0),
  ];
}

/** Which plugins and themes are behind. */
export function extensionPanels(): AnyPanel[] {
  return [
    table(
      {
        title: 'Plugins and themes with an update',
        description: 'What is installed, and the version that waits. Inactive ones can be attacked too.',
        empty: 'Everything is up to date',
      },
      `group by (instance, extension_kind, slug, version, update_version, status) (wordpress_extension_info{${chosen}, update_version!=""})`,
      {
        instance: 'Site',
        extension_kind: 'Kind',
        slug: 'Name',
        version: 'Version',
        update_version: 'Update',
        status: 'Status',
      },
    ),
    lines(
      {
        title: 'Since WordPress asked for updates',
        description:
          'It asks twice a day by its cron. For longer, and the panels beside this one are out of date.',
        empty,
      },
      [
        {
          expr: `time() - min by (job, instance) (wordpress_update_check_timestamp_seconds{${chosen}})`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's', limit: thresholds.updateCheckSecondsAgo },
    ),
  ];
}

/** Which plugins and themes have holes that are known. */
export function vulnerabilityPanels(): AnyPanel[] {
  return [
    table(
      {
        title: 'Which have known holes',
        description:
          'Plugins and themes in a version of which a vulnerability is known. Only where steward.yml says whom to ask.',
        empty: 'None is known, or nobody is asked',
      },
      `max by (instance, extension_kind, slug, version) (wordpress_extension_vulnerabilities{${chosen}})`,
      { instance: 'Site', extension_kind: 'Kind', slug: 'Name', version: 'Version' },
    ),
    lines(
      {
        title: 'Plugins and themes with a known hole',
        description:
          'How many there are, and how many the database does not know, of which nothing can be said.',
        empty: 'Nobody is asked, as steward.yml says',
      },
      [
        {
          expr: `sum by (job, instance) (wordpress_vulnerable_extensions{${chosen}})`,
          legend: '{{instance}} with a hole',
        },
        {
          expr: `sum by (job, instance) (wordpress_extensions_without_known_history{${chosen}})`,
          legend: '{{instance}} not known',
        },
      ],
      { unit: 'short' },
    ).decimals(0),
  ];
}
