import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { duration, positiveDuration, slotName, withoutPrototype } from './values.ts';

const MODE = 'observe, approve, auto, or earn(n) such as earn(5)';

/** How far a policy may go by itself; earn(n) is approve until it has n verified fixes, and auto then. */
const mode = z.string(MODE).regex(/^(?:observe|approve|auto|earn\([1-9]\d?\))$/, MODE);

const LIMIT = 'a limit such as `3 per 6h`';

const limit = z.string(LIMIT).transform((text, context) => {
  const match = /^([1-9]\d{0,3}) per (\S+)$/.exec(text);
  const window = positiveDuration.safeParse(match?.[2] ?? '');
  if (match === null || !window.success) {
    context.addIssue({ code: 'custom', message: LIMIT, input: text });
    return z.NEVER;
  }
  return { runs: Number(match[1]), windowMs: window.data };
});

const parameter = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.strictObject({ label: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'the name of a label') }),
]);

/** The names that parameters may have: each can be written as `$name` in a query, beside `$target` and `$host`. */
const parameterName = z
  .string()
  .regex(
    /^(?!(?:target|host)$)[A-Za-z_][A-Za-z0-9_]*$/,
    'a name of letters, digits and "_", not target or host',
  );

const parameters = z
  .record(parameterName, parameter)
  .transform(withoutPrototype)
  .prefault({})
  .describe('Parameters: a literal, or {label: name}.');

const verification = z.strictObject({
  query: z
    .string()
    .min(1)
    .optional()
    .describe(
      "PromQL that returns something only when the fix has worked. $target and $host stand for ids. Left out: the opposite of the alert's own rule.",
    ),
  samples: z.int().min(1).max(100).default(2).describe('How many fresh evaluations in a row must pass.'),
  within: positiveDuration.prefault('3m').describe('How long it may take.'),
});

/** One policy: which alert leads to which action, and what must be true before and after it. */
export const policySchema = z.strictObject({
  name: slotName.describe('Its name; a shipped policy of the same name is changed key by key.'),
  match: z.array(z.string().min(1)).min(1).describe("Matchers in Alertmanager's syntax; all must match."),
  action: slotName.describe('The action, such as wordpress.fix-permissions.'),
  mode: mode.default('observe').describe(`${MODE}: auto after 5 verified fixes.`),
  with: parameters,
  then: z
    .array(z.strictObject({ action: slotName, with: parameters }))
    .max(5)
    .default([])
    .describe('What is tried next where that did not heal, one after the other, and then people.'),
  after: z
    .array(slotName)
    .default([])
    .describe('Policies that come first on the same host, while their alerts fire.'),
  guard: z
    .array(z.string().min(1))
    .default([])
    .describe('PromQL that must each return something just before the action.'),
  verify: verification.prefault({}).describe('How the fix is proved.'),
  cooldown: duration.prefault('15m').describe('How long the same policy then leaves the same target alone.'),
  breaker: limit
    .prefault('2 per 24h')
    .describe('After so many failures in a window, for the same target, it is left to people.'),
  limit: limit.prefault('3 per 6h').describe('How many runs in a window, for the same target.'),
});

/** A policy with its defaults filled in; durations are milliseconds. */
export type Policy = DeepReadonly<z.output<typeof policySchema>>;
