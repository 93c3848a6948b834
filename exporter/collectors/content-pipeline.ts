import type { Collector } from '../collector.ts';
import { counter, gauge, sample } from '../metrics/metric.ts';
import type { JobTarget } from '../targets/target.ts';

const labels = ['pipeline', 'stage'] as const;

const items = gauge(
  'content_pipeline_items',
  'Items that wait for this stage, as it last said with `waiting`; missing where it never did.',
  labels,
);
const processed = counter(
  'content_pipeline_processed_items_total',
  'Items that this stage has worked through, as it said with `items`.',
  labels,
);
const lastSuccess = gauge(
  'content_pipeline_last_success_timestamp_seconds',
  'When the stage last succeeded, in seconds since the epoch; missing where it never did.',
  labels,
);
const failures = counter('content_pipeline_failures_total', 'Failures that the stage has reported.', labels);

/** Reads what a job has reported that is a stage of a content pipeline. */
export const contentPipeline: Collector<JobTarget> = {
  name: 'content_pipeline',
  metrics: [items, processed, lastSuccess, failures],
  collect({ entry: { pipeline, stage }, record }) {
    if (pipeline === undefined || stage === undefined) return Promise.resolve([]);
    const values = { pipeline, stage };
    return Promise.resolve([
      ...(record.waiting === undefined ? [] : [sample(items, record.waiting, values)]),
      sample(processed, record.items, values),
      ...(record.lastSuccessMs === undefined
        ? []
        : [sample(lastSuccess, record.lastSuccessMs / 1000, values)]),
      sample(failures, record.failures, values),
    ]);
  },
};
