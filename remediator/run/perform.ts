import { callVerb } from '../../hosts/call-verb.ts';
import type { Outcome } from '../../hosts/host.ts';
import { withoutSecrets } from '../../inventory/without-secrets.ts';
import { neverStarted } from '../../hosts/never-started.ts';
import type { CommandStep, HttpStep, SlotSource } from '../actions/action.ts';
import { messageOf } from '../message-of.ts';
import type { Plan } from './run.ts';
import type { RunDependencies } from './run-dependencies.ts';

/** Takes a step of an action that is no wait: sends a verb to the host, or tells a bot something. Never rejects. */
export async function perform(
  step: CommandStep | HttpStep,
  plan: Plan,
  runId: string,
  dependencies: Pick<RunDependencies, 'hostOf' | 'botOf' | 'lease' | 'signal'>,
): Promise<Outcome> {
  return step.kind === 'http' ? tellBot(step, plan, dependencies) : sendVerb(step, plan, runId, dependencies);
}

/** The slots are the plan's checked values. */
async function sendVerb(
  step: CommandStep,
  plan: Plan,
  runId: string,
  { hostOf, lease, signal }: Pick<RunDependencies, 'hostOf' | 'lease' | 'signal'>,
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

/** What an API did that gave no good answer, nobody can say. */
async function tellBot(
  { call, timeoutSeconds }: HttpStep,
  { target }: Plan,
  { botOf, lease, signal }: Pick<RunDependencies, 'botOf' | 'lease' | 'signal'>,
): Promise<Outcome> {
  const output = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), truncated: false };
  // Another process that has taken the run over tells it by itself.
  if (!lease.isHeld()) return neverStarted('another process may have taken the run over');
  try {
    await botOf(target).tell(call, AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]));
    return { kind: 'succeeded', ...output };
  } catch (error) {
    return { kind: 'unknown', reason: messageOf(error), ...output };
  }
}

function slotValue(source: SlotSource, { target, parameters }: Plan, runId: string): string {
  if ('parameter' in source) return parameters[source.parameter] ?? '';
  return source.from === 'target' ? target : runId;
}

/** How the dispatcher says that it has done nothing, since another fix is still at work (EX_TEMPFAIL of sysexits.h). */
const BUSY = 75;
/** How it says that it takes no such verb or slot (EX_NOPERM). */
const REFUSED = 77;
/** How the verb that restarts says that the service's own configuration test fails (EX_CONFIG). */
const CONFIGURATION_BROKEN = 78;

/** Whether it is sure that nothing was run. */
export function wasNeverStarted(outcome: Outcome): boolean {
  if (outcome.kind !== 'failed') return false;
  return outcome.exitCode === undefined || outcome.exitCode === REFUSED || foundHostBusy(outcome);
}

/** Whether the host did nothing, since an earlier command is still at work there. */
export function foundHostBusy(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.exitCode === BUSY;
}

/** Whether the host left a service alone because its configuration is broken. */
export function foundBrokenConfiguration(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.exitCode === CONFIGURATION_BROKEN;
}

/** What the host said, shortened, and without what looks like a secret. */
export function saidBy({ stdout, stderr }: Outcome): string {
  const said = `${stdout.toString()}${stderr.toString()}`.trim().slice(0, 10 * SAID_CHARACTERS);
  return withoutSecrets(said).slice(0, SAID_CHARACTERS);
}

const SAID_CHARACTERS = 500;

/** What an outcome looks like in the journal. */
export function describeOutcome(outcome: Outcome): Record<string, unknown> {
  const said = saidBy(outcome);
  const reason = outcome.kind === 'succeeded' ? {} : { reason: outcome.reason };
  return { outcome: outcome.kind, ...reason, ...(said === '' ? {} : { said }) };
}
