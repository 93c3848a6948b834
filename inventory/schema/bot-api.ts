import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { parseJsonPath } from '../json-path.ts';
import { positiveDuration } from './values.ts';

const PATH = 'a path into the answer, such as data.positions[*].profit';
const REQUEST_PATH = 'a path below the address of the bot, such as /api/status?days=1';

/** How the values that a path with `[*]` leads to become one. */
const reductions = ['sum', 'count', 'min', 'max'] as const;

/** Where in an answer something is said. */
const valueSchema = z
  .strictObject({
    at: z
      .string(PATH)
      .max(300)
      .refine((text) => parseJsonPath(text) !== undefined, { error: PATH })
      .describe('The path of the value in the answer.'),
    of: z.enum(reductions).optional().describe('What to make of all values of a path with [*].'),
    scale: z
      .number()
      .refine((factor) => factor !== 0, { error: 'a number other than 0' })
      .default(1)
      .describe(
        'What to multiply a number by: 0.001 makes seconds of milliseconds, 0.01 a ratio of percent.',
      ),
    equals: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Texts, numbers or true and false, written as texts, that count as 1; all else counts as 0.'),
  })
  .superRefine(({ at, of, equals }, context) => {
    const hasAll = parseJsonPath(at)?.some(({ kind }) => kind === 'all') ?? false;
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message, input: key === 'of' ? of : equals });
    if (hasAll && of === undefined) refuse('of', `one of ${reductions.join(', ')}, since the path has [*]`);
    if (!hasAll && of !== undefined) refuse('of', 'a path with [*] beside it');
    if (of !== undefined && equals !== undefined) refuse('equals', 'no `of` beside it');
  });

const value = (text: string) => valueSchema.optional().describe(text);

/** One request, and what of its answer is shown. */
export const botRequestSchema = z.strictObject({
  path: z
    .string(REQUEST_PATH)
    .regex(/^\/[^\s\\#\u0000-\u001f\u007f]{0,500}$/, REQUEST_PATH)
    .describe('What is asked for, below the address of the bot.'),
  body: z
    .json()
    .optional()
    .describe(
      'Where it is given, the request is a POST with it as JSON. It is sent again and again: it must change nothing.',
    ),
  every: positiveDuration.prefault('1m').describe('How often it is asked, 15 seconds at the least.'),
  values: z
    .strictObject({
      running: value('Whether the bot trades: 1 or 0, usually by `equals`.'),
      last_loop: value('When its loop last ran, in seconds since the epoch.'),
      open_positions: value('Number of open positions or trades.'),
      trades: value('Number of trades so far.'),
      equity: value('What all it has is worth, in the currency of the bot.'),
      profit_realized: value('Profit of what is closed, in the currency of the bot.'),
      profit_unrealized: value('Profit of what is open, in the currency of the bot.'),
      drawdown: value('How far it is below its best, as a ratio from 0 to 1.'),
      errors: value('Number of errors so far, or that it shows now.'),
    })
    .refine((values) => Object.values(values).some((each) => each !== undefined), {
      error: 'at least one value',
    })
    .describe('What is read out of the answer.'),
});

/** A request of a bot, as steward.yml describes it. */
export type BotRequest = DeepReadonly<z.output<typeof botRequestSchema>>;
/** Where a value is, as steward.yml says. */
export type BotValue = DeepReadonly<z.output<typeof valueSchema>>;
/** What can be read of a bot. */
export type BotValueName = keyof BotRequest['values'];
