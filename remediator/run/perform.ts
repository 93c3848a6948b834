import { callVerb } from '../../hosts/call-verb.ts';
import type { Outcome } from '../../hosts/host.ts';
import { neverStarted } from '../../hosts/never-started.ts';
import type { CommandStep, SlotSource } from '../actions/action.ts';
import { messageOf } from '../message-of.ts';
import type { Plan } from './run.ts';
import type { RunDependencies } from './run-dependencies.ts';

/** Sends a step of an action to the host. The slots are the plan's checked values. Never rejects. */
export async function perform(
  step: CommandStep,
  plan: Plan,
  runId: string,
  { hostOf, lease, signal }: RunDependencies,
): Promise<Outcome> {
  try {
    return await callVerb(hostOf(plan.host), {
      verb: step.verb,
      slots: step.slots.map((source) => slotValue(source, plan, runId)),
      timeoutSeconds: step.timeoutSeconds,
      signal,
      mayStart: lease.isHeld,
    });
  } catch (error) {
    // A host's own run never rejects: what throws here has sent nothing.
    return neverStarted(messageOf(error));
  }
}

function slotValue(source: SlotSource, { target, parameters }: Plan, runId: string): string {
  if ('parameter' in source) return parameters[source.parameter] ?? '';
  return source.from === 'target' ? target : runId;
}

/** Whether it is sure that nothing was run. */
export function wasNeverStarted(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.exitCode === undefined;
}

/** How the verb that restarts says that the service's own configuration test fails (EX_CONFIG of sysexits.h). */
const CONFIGURATION_BROKEN = 78;

/** Whether the host left a service alone because its configuration is broken. */
export function foundBrokenConfiguration(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.exitCode === CONFIGURATION_BROKEN;
}

/** What the host said, shortened. */
export function saidBy({ stdout, stderr }: Outcome): string {
  return `${stdout.toString()}${stderr.toString()}`.trim().slice(0, SAID_CHARACTERS);
}

const SAID_CHARACTERS = 500;

/** What an outcome looks like in the journal. */
export function describeOutcome(outcome: Outcome): Record<string, unknown> {
  const said = saidBy(outcome);
  const reason = outcome.kind === 'succeeded' ? {} : { reason: outcome.reason };
  return { outcome: outcome.kind, ...reason, ...(said === '' ? {} : { said }) };
}
