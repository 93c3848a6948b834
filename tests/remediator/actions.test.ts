import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { isCustomVerb, verbs, type SlotKind, type VerbName } from '../../hosts/verbs.ts';
import { actions } from '../../remediator/actions.ts';
import type { Action, CommandStep, SlotSource } from '../../remediator/actions/action.ts';

const commandsOf = ({ steps, undo }: Action): CommandStep[] =>
  [...steps, ...(undo === undefined ? [] : [undo])].filter((step) => step.kind === 'command');
const sent = [...actions.values()].flatMap((action) =>
  commandsOf(action).map((step) => [action.name, step.verb, action, step] as const),
);

/** What a slot of an action is filled with, in the words of verbs.ts: its parameters are called as what they name. */
function kindOf(source: SlotSource, { target }: Action): SlotKind | 'bot' {
  if ('parameter' in source) return source.parameter as SlotKind;
  return source.from === 'target' ? target : 'run';
}

describe('an action', () => {
  test.each(sent)('%s fills the slots of %s with what they are for', (_name, verb, action, step) => {
    if (isCustomVerb(verb)) throw new Error('an action of Steward has a verb of its own');
    expect(step.slots.map((source) => kindOf(source, action))).toEqual(verbs[verb].slots);
  });

  test('stands in the list, each in a file of its own', async () => {
    const folder = new URL('../../remediator/actions/', import.meta.url);
    const files = (await readdir(folder)).filter((file) => !['action.ts', 'custom-action.ts'].includes(file));
    const texts = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')));
    const named = texts.map((text) => /^ {2}name: '([^']+)'/m.exec(text)?.[1]);
    expect(named.toSorted()).toEqual([...actions.keys()].toSorted());
  });
});

describe('a verb that acts', () => {
  const acting = (Object.keys(verbs) as VerbName[]).filter((verb) => verbs[verb].role === 'act');

  test.each(acting)('%s is sent by some action', (verb) => {
    expect(sent.map(([, each]) => each)).toContain(verb);
  });

  test.each(acting)('%s is called by a test on a real hardened host', async (verb) => {
    const folder = new URL('../hosts/harden/', import.meta.url);
    const files = (await readdir(folder)).filter((file) => file !== 'own-parts.test.ts');
    const calling = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')));
    const calls = new RegExp(`['\x60 ]${verb}['\x60 ]`);
    expect(calling.some((text) => calls.test(text))).toBe(true);
  });
});
