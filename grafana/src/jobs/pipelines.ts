import { hourlyBars, lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

const empty = 'No pipelines in steward.yml';

/** Where content pipelines pile up. */
export function pipelinePanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Items waiting',
        description:
          'Items that wait for each stage, as it last said. A line that only rises is where it is stuck.',
        empty,
      },
      [{ expr: `content_pipeline_items{${chosen}}`, legend: '{{pipeline}} {{stage}}' }],
      { unit: 'short' },
    ).decimals(0),
    hourlyBars(
      {
        title: 'Items worked through',
        description: 'Items that each stage worked through in each hour.',
        empty,
      },
      [
        {
          expr: `increase(content_pipeline_processed_items_total{${chosen}}[$__rate_interval])`,
          legend: '{{pipeline}} {{stage}}',
        },
      ],
    ),
    lines(
      {
        title: 'Since a stage succeeded',
        description: 'How long ago each stage last succeeded.',
        empty,
      },
      [
        {
          expr: `time() - content_pipeline_last_success_timestamp_seconds{${chosen}}`,
          legend: '{{pipeline}} {{stage}}',
        },
      ],
      { unit: 's' },
    ),
    hourlyBars(
      { title: 'Failures of stages', description: 'Failures that stages reported in each hour.', empty },
      [
        {
          expr: `increase(content_pipeline_failures_total{${chosen}}[$__rate_interval])`,
          legend: '{{pipeline}} {{stage}}',
        },
      ],
    ),
  ];
}
