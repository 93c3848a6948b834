import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { isSlotPattern, SLOT_PATTERN_FORM } from '../slot-pattern.ts';
import { accountName, positiveDuration, slotName, withoutPrototype } from './values.ts';

/** A `$name` in a word of a command: it stands for a slot. */
const SLOT = /\$([A-Za-z_][A-Za-z0-9_]*)?/g;

const argument = z
  .string()
  .max(1000)
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'a text on one line, without control characters');

const argv = z.array(argument).min(1).max(50);

const CHOICES = 'a list of words, or a mapping from words to what the command gets for them';

const choices = z
  .union([z.array(slotName).min(1).max(100), z.record(slotName, argument)], { error: CHOICES })
  .transform((given) =>
    withoutPrototype(Array.isArray(given) ? Object.fromEntries(given.map((word) => [word, word])) : given),
  )
  .describe(CHOICES);

const parameter = z
  .strictObject({
    enum: choices.optional(),
    pattern: z
      .string()
      .refine(isSlotPattern, { error: SLOT_PATTERN_FORM })
      .optional()
      .describe('What the whole value must look like.'),
    int: z
      .strictObject({ min: z.int().min(0), max: z.int().max(999_999_999) })
      .refine(({ min, max }) => min <= max, { error: 'a `min` that is not above `max`' })
      .optional()
      .describe('A whole number.'),
  })
  .refine((kinds) => Object.values(kinds).filter((kind) => kind !== undefined).length === 1, {
    error: 'one of enum, pattern and int',
  });

const parameterName = z
  .string()
  .regex(
    /^(?!(?:target|host|run)$)[a-z][a-z0-9_]{0,30}$/,
    'a name of a-z, 0-9 and "_", not target, host or run',
  );

/** An action of the operator's own: a fixed command on the host, with slots that are checked there. */
export const actionSchema = z
  .strictObject({
    target: z.enum(['site', 'host']).describe('What the alert is about: `instance` must be the id of one.'),
    run: argv.describe(
      'The program with its words; $target, $run and $<parameter> stand for checked values.',
    ),
    user: accountName.describe('The account on the host that runs it.'),
    parameters: z
      .record(parameterName, parameter)
      .refine((all) => Object.keys(all).length <= 5, { error: 'five parameters at most' })
      .transform(withoutPrototype)
      .prefault({})
      .describe('Its parameters: policies say in `with` where each comes from.'),
    timeout: positiveDuration
      .refine((milliseconds) => milliseconds >= 1000 && milliseconds <= 3_600_000, { error: 'from 1s to 1h' })
      .prefault('1m')
      .describe('How long it may take.'),
    idempotent: z.boolean().default(false).describe('Whether a second run does no harm.'),
    undo: argv
      .optional()
      .describe('What takes it back, where it could not be proved or did harm; may run twice.'),
    refresh: z
      .array(z.string().regex(/^[a-z_]+$/, 'the name of a collector, such as wordpress'))
      .default([])
      .describe('Collectors that read again before the proof.'),
  })
  .superRefine((action, context) => {
    for (const key of ['run', 'undo'] as const) {
      for (const { at, expected } of commandFaults(action[key] ?? ['/'], Object.keys(action.parameters))) {
        context.addIssue({ code: 'custom', path: [key, at], message: expected, input: action[key]?.[at] });
      }
    }
  });

/** An action of steward.yml, with its defaults filled in; durations are milliseconds. */
export type CustomAction = DeepReadonly<z.output<typeof actionSchema>>;

/** A parameter of such an action. */
export type CustomParameter = CustomAction['parameters'][string];

/** Splits a word of a command at its slots: texts as they are, and the names of slots. */
export function piecesOfWord(
  word: string,
): readonly ({ readonly text: string } | { readonly slot: string })[] {
  return word
    .split(/(\$[A-Za-z_][A-Za-z0-9_]*)/)
    .filter((piece) => piece !== '')
    .map((piece) => (piece.startsWith('$') ? { slot: piece.slice(1) } : { text: piece }));
}

const SHELL = /\/(?:a|ba|da|fi|k|mk|z)?sh$|\/(?:busybox|env)$/;

/** What is wrong with a command, by the index of its word. */
function commandFaults(
  command: readonly string[],
  parameters: readonly string[],
): { readonly at: number; readonly expected: string }[] {
  const known = ['target', 'run', ...parameters];
  const [program = ''] = command;
  const slotsOf = (word: string) => [...word.matchAll(SLOT)].map(([, name = '']) => name);
  const unknown = command.flatMap((word, at) => {
    const name = slotsOf(word).find((slot) => !known.includes(slot));
    const expected = `one of ${known.map((slot) => `$${slot}`).join(', ')} where $${name ?? ''} stands`;
    return name === undefined ? [] : [{ at, expected }];
  });
  const hasSlots = command.some((word) => word.includes('$'));
  if (!program.startsWith('/') || program.includes('$')) {
    return [{ at: 0, expected: 'the absolute path of a program, such as /usr/local/bin/flush-cache' }];
  }
  if (SHELL.test(program) && hasSlots) {
    return [
      { at: 0, expected: 'a program that is no shell: values never reach one. Put the script into a file' },
    ];
  }
  return unknown;
}
