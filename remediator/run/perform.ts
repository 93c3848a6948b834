import { callVerb } from '../../hosts/call-verb.ts';
import type { Host, Outcome } from '../../hosts/host.ts';
import type { CommandStep, SlotSource } from '../actions/action.ts';
import type { Plan } from './run.ts';

/** Sends a step of an action to the host. The slots are the plan's checked values. */
export function perform(
  host: Host,
  step: CommandStep,
  plan: Plan,
  runId: string,
  signal: AbortSignal,
): Promise<Outcome> {
  return callVerb(host, {
    verb: step.verb,
    slots: step.slots.map((source) => slotValue(source, plan, runId)),
    timeoutSeconds: step.timeoutSeconds,
    signal,
  });
}

function slotValue(source: SlotSource, { target, parameters }: Plan, runId: string): string {
  if ('parameter' in source) return parameters[source.parameter] ?? '';
  return source.from === 'target' ? target : runId;
}

const SAID_CHARACTERS = 500;

/** What an outcome looks like in the journal: what the host said, shortened. */
export function describeOutcome(outcome: Outcome): Record<string, unknown> {
  const said = `${outcome.stdout.toString()}${outcome.stderr.toString()}`.trim().slice(0, SAID_CHARACTERS);
  const reason = outcome.kind === 'succeeded' ? {} : { reason: outcome.reason };
  return { outcome: outcome.kind, ...reason, ...(said === '' ? {} : { said }) };
}
