import { lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { table } from '../table.ts';

const empty = 'No files were compared yet; it is done every six hours';

/** Whether the code of the sites is that of wordpress.org, and nobody left files there. */
export function integrityPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'Integrity',
        description:
          'Whether code differs from wordpress.org, and whether files look as if somebody put them there.',
        empty,
      },
      [
        { expr: anyOf('wordpress_core_checksum_files'), legend: '{{instance}} WordPress' },
        { expr: anyOf('wordpress_extension_checksum_files'), legend: '{{instance}} plugins' },
        { expr: anyOf('wordpress_suspicious_files'), legend: '{{instance}} suspicious files' },
      ],
      { 0: { text: 'As it should be', color: 'green' }, 1: { text: 'Look at it', color: 'red' } },
    ),
    lines(
      {
        title: 'Files that are not as they should be',
        description:
          'By what is wrong with them. A number that grows without an update of yours is a break-in.',
        empty,
      },
      [
        {
          expr: byWhat('wordpress_core_checksum_files', 'result'),
          legend: '{{instance}} WordPress: {{result}}',
        },
        {
          expr: byWhat('wordpress_extension_checksum_files', 'result'),
          legend: '{{instance}} plugins: {{result}}',
        },
        { expr: byWhat('wordpress_suspicious_files', 'rule'), legend: '{{instance}} {{rule}}' },
      ],
      { unit: 'short' },
    ).decimals(0),
    changedFiles(),
  ];
}

function changedFiles(): AnyPanel {
  return lines(
    {
      title: 'Files that changed since the baseline',
      description:
        'Programs, scripts and settings. After an update of yours, steward exporter baseline takes the site as it is now.',
      empty: 'No site was walked yet; it is done every hour',
    },
    [
      {
        expr: `sum by (instance, change) (wordpress_changed_files{${chosen}})`,
        legend: '{{instance}} {{change}}',
      },
      {
        expr: `wordpress_links{${chosen}, target="outside"}`,
        legend: '{{instance}} links that lead out',
      },
      {
        expr: `sum by (instance) (increase(wordpress_path_permission_changes_total{${chosen}}[$__rate_interval]))`,
        legend: '{{instance}} permissions changed',
      },
    ],
    { unit: 'short' },
  ).decimals(0);
}

/** Which files they are, and what could not be compared. */
export function foundFilePanels(): AnyPanel[] {
  return [
    table(
      {
        title: 'Suspicious files',
        description: 'The first 20 of each site by path, and the rule that each breaks.',
        empty: 'No suspicious files',
      },
      `group by (instance, path, rule) (wordpress_suspicious_file_info{${chosen}})`,
      { instance: 'Site', path: 'Path', rule: 'Rule' },
    ),
    table(
      {
        title: 'Files that are not as in the baseline',
        description:
          'The first 20 of each site by path. The baseline is when you last said that all is well.',
        empty: 'No file changed since the baseline',
      },
      `group by (instance, path, change) (wordpress_changed_file_info{${chosen}})`,
      { instance: 'Site', path: 'Path', change: 'Change' },
    ),
    table(
      {
        title: 'Files that differ from wordpress.org',
        description: 'The first 20 of each site by path, below the site or the folder of plugins.',
        empty: 'No file differs',
      },
      `group by (instance, path, result) (wordpress_checksum_file_info{${chosen}})`,
      { instance: 'Site', path: 'Path', result: 'What is wrong' },
    ),
    lines(
      {
        title: 'Plugins that cannot be compared',
        description:
          'Share of the plugins that are not in the directory of wordpress.org: bought, or written for you.',
        empty,
      },
      [
        {
          expr: `wordpress_extensions_unverifiable{${chosen}} / (wordpress_extensions_unverifiable{${chosen}} + wordpress_extensions_verified{${chosen}} > 0)`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', max: 1 },
    ),
  ];
}

function anyOf(metric: string): string {
  return `sum by (job, instance) (${metric}{${chosen}}) > bool 0`;
}

function byWhat(metric: string, label: 'result' | 'rule'): string {
  return `sum by (job, instance, ${label}) (${metric}{${chosen}}) > 0`;
}
