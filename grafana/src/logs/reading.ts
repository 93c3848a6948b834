import { lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen, type Query } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No logs in steward.yml';

/** Whether the logs are read in full, and how fast they grow. */
export function readingPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'Readable',
        description:
          'Whether the log could be read: a plain file with one name. What is not read is not counted.',
        empty,
      },
      ofBoth((prefix) => `${prefix}_log_readable{${chosen}}`),
      { 1: { text: 'Read', color: 'green' }, 0: { text: 'Not readable', color: 'red' } },
    ),
    lines(
      {
        title: 'Growth',
        description: 'Bytes a second that were added. A jump is often a loop of errors.',
        empty,
      },
      ofBoth((prefix) => `rate(${prefix}_log_read_bytes_total{${chosen}}[$__rate_interval])`),
      { unit: 'Bps' },
    ),
    lines(
      { title: 'Size', description: 'Size of each log. One that is never rotated fills the disk.', empty },
      ofBoth((prefix) => `${prefix}_log_size_bytes{${chosen}}`),
      { unit: 'bytes', limit: thresholds.logBytes },
    ),
    lines(
      {
        title: 'Lines not counted',
        description: 'Lines a minute that were cut or say nothing in the format that steward.yml names.',
        empty,
      },
      ofBoth(
        (prefix) =>
          `60 * sum by (job, instance, log) (rate(${prefix}_log_lines_dropped_total{${chosen}}[$__rate_interval]))`,
      ),
      { unit: 'cpm' },
    ),
  ];
}

function ofBoth(expr: (prefix: string) => string): Query[] {
  return ['wordpress', 'trading_bot'].map((prefix) => ({
    expr: expr(prefix),
    legend: '{{instance}} {{log}}',
  }));
}
