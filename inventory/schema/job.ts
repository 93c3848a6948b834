import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { cron, duration, id, positiveDuration, slotName, timezone } from './values.ts';

/** One job that reports in, at an interval or by a cron expression: a backup, a stage of a content pipeline. */
export const jobSchema = z
  .strictObject({
    every: positiveDuration.optional().describe('How often it should succeed.'),
    cron: cron.optional().describe('When it is started: a cron expression of five fields.'),
    timezone: timezone.optional().describe('The time zone of `cron`; UTC where it is left out.'),
    grace: duration
      .prefault('0s')
      .describe('How late it may be; with `cron` this includes how long it runs.'),
    max_duration: positiveDuration.optional().describe('How long one run may take.'),
    host: id.optional().describe('The host that it runs on.'),
    pipeline: slotName.optional().describe('The content pipeline that it is a stage of.'),
    stage: slotName.optional().describe('Its stage of the pipeline, such as draft or render.'),
  })
  .superRefine(({ every, cron: expression, timezone: zone, pipeline, stage }, context) => {
    const expect = (message: string, path: string) =>
      context.addIssue({ code: 'custom', message, path: [path], input: undefined });
    if (every === undefined && expression === undefined) expect('a duration such as 24h, or `cron`', 'every');
    if (every !== undefined && expression !== undefined) expect('`every` or `cron`, not both', 'cron');
    if (zone !== undefined && expression === undefined) expect('`cron` beside it', 'timezone');
    if (pipeline !== undefined && stage === undefined) expect('the stage, since it has a pipeline', 'stage');
    if (pipeline === undefined && stage !== undefined)
      expect('the pipeline, since it has a stage', 'pipeline');
  });

/** One job, as steward.yml describes it. */
export type JobEntry = DeepReadonly<z.output<typeof jobSchema>>;
