import { z } from 'zod';
import { duration, positiveDuration } from './values.ts';

/** One job that reports in at an interval: a backup, a stage of a content pipeline. */
export const jobSchema = z.strictObject({
  every: positiveDuration.describe('How often it should succeed.'),
  grace: duration.prefault('0s').describe('How late it may be.'),
});
