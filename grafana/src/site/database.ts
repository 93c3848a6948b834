import { lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No database was reached yet';

/** How the database keeps up. */
export function databasePanels(): AnyPanel[] {
  return [...connectionPanels(), ...statementPanels(), sizePanel()];
}

function connectionPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Database connections in use',
        description: 'Share of the connections that the server allows. Beyond the line new visits soon fail.',
        empty,
      },
      [
        {
          expr: `mysql_global_status_threads_connected{${chosen}} / mysql_global_variables_max_connections{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', max: 1, limit: thresholds.databaseConnectionsRatio },
    ),
    lines(
      {
        title: 'Failed connections',
        description: 'Connections to the database that failed in each minute, such as for a wrong password.',
        empty,
      },
      [
        {
          expr: `60 * rate(mysql_global_status_aborted_connects_total{${chosen}}[$__rate_interval])`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'cpm' },
    ),
  ];
}

function statementPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Statements',
        description: 'Statements that clients sent to the server, of all sites on it.',
        empty,
      },
      [
        {
          expr: `rate(mysql_global_status_questions_total{${chosen}}[$__rate_interval])`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'ops' },
    ),
    lines(
      {
        title: 'Slow statements',
        description:
          'Share of the statements that took longer than long_query_time. Beyond the line pages wait for them.',
        empty,
      },
      [
        {
          expr: `rate(mysql_global_status_slow_queries_total{${chosen}}[$__rate_interval]) / rate(mysql_global_status_questions_total{${chosen}}[$__rate_interval])`,
          legend: '{{instance}}',
        },
      ],
      { unit: 'percentunit', limit: thresholds.slowStatementsRatio },
    ),
  ];
}

function sizePanel(): AnyPanel {
  return lines(
    {
      title: 'Database size',
      description: 'Size of all tables, as information_schema estimates it.',
      empty,
    },
    [{ expr: `sum by (job, instance) (wordpress_db_size_bytes{${chosen}})`, legend: '{{instance}}' }],
    { unit: 'bytes' },
  );
}
