import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { cron, positiveDuration, slotName, timezone } from './values.ts';

const TIME = 'a time in UTC or with its offset, such as "2026-11-27T08:00:00Z"';

const isoTime = z.iso.datetime({ offset: true });

/** A moment, read as milliseconds since the epoch. */
const time = z
  .string(TIME)
  .refine((text) => isoTime.safeParse(text).success, { error: TIME })
  .transform((text) => Date.parse(text));

/** A time in which nothing is done, by one of three: from and to, cron and for, or PromQL. */
export const freezeSchema = z
  .strictObject({
    name: slotName.describe('Its name, which a run that it holds back tells.'),
    policies: z
      .array(slotName)
      .min(1)
      .optional()
      .describe('The policies that it is for; all where it is left out.'),
    from: time.optional().describe('When it begins, once.'),
    to: time.optional().describe('When it ends, once.'),
    cron: cron.optional().describe('When it begins, again and again: a cron expression of five fields.'),
    for: positiveDuration.optional().describe('How long it then lasts.'),
    timezone: timezone.optional().describe('The time zone of `cron`; UTC where it is left out.'),
    promql: z
      .string()
      .min(1)
      .optional()
      .describe(
        'PromQL, a comparison: it is on while that returns anything, and while a metric in it has no sample.',
      ),
  })
  .superRefine(({ from, to, cron: expression, for: lasts, timezone: zone, promql }, context) => {
    const expect = (message: string, path: string) =>
      context.addIssue({ code: 'custom', message, path: [path], input: undefined });
    const kinds = [from ?? to, expression ?? lasts, promql].filter((kind) => kind !== undefined);
    if (kinds.length !== 1) expect('one of: `from` and `to`, `cron` and `for`, or `promql`', 'name');
    if ((from === undefined) !== (to === undefined))
      expect('both `from` and `to`', from === undefined ? 'from' : 'to');
    if (from !== undefined && to !== undefined && to <= from) expect('a time after `from`', 'to');
    if ((expression === undefined) !== (lasts === undefined))
      expect('both `cron` and `for`', lasts === undefined ? 'for' : 'cron');
    if (zone !== undefined && expression === undefined) expect('`cron` beside it', 'timezone');
  });

/** A freeze, as steward.yml describes it; times are milliseconds. */
export type Freeze = DeepReadonly<z.output<typeof freezeSchema>>;
