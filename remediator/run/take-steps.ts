import type { Outcome } from '../../hosts/host.ts';
import type { Action, CommandStep, HttpStep, WaitStep } from '../actions/action.ts';
import { describeOutcome, foundBrokenConfiguration, perform, saidBy, wasNeverStarted } from './perform.ts';
import { actionOf } from './plan-queries.ts';
import { proveAndFinish, undoAndFinish } from './prove.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { Reason } from './run.ts';
import type { StartedRun } from './started-run.ts';
import { waitMs } from './step-times.ts';
import type { Progress } from './stop.ts';

/** Where in an action a run is. */
interface Place {
  /** The number of the step that is taken next; past the last one, the action is over. */
  readonly step: number;
  /** Whether the journal says already that it is begun. */
  readonly isBegun: boolean;
}

/**
 * Takes the steps of an action until one rests, or the run has ended. Each is committed before it is taken, so that it is known after a crash which one
 * it was. The host is this run's alone.
 */
export async function takeSteps(
  run: StartedRun,
  { step: index, isBegun }: Place,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const action = actionOf(run.plan, dependencies.inventory());
  const step = action?.steps[index];
  if (action === undefined || step === undefined) return prove(run, 'not_verified', record, dependencies);
  if (step.kind === 'wait') return beginToRest(run, step, index, record);
  if (!isBegun) await record.add('step', { step: index }, { state: 'acting' });
  const outcome = await perform(step, run.plan, run.id, dependencies);
  // What this process's own end has cut off is settled after the next start.
  if (outcome.kind === 'unknown' && dependencies.signal.aborted) {
    record.say('acted', describeOutcome(outcome));
    dependencies.signal.throwIfAborted();
  }
  if (isGivenUp(action, step, outcome)) {
    record.note('acted', describeOutcome(outcome));
    return giveUp(run, outcome, record, dependencies);
  }
  if (index === action.steps.length - 1) {
    await record.add('acted', describeOutcome(outcome), { state: 'verifying' });
    return endAfter(outcome, run, record, dependencies);
  }
  record.note('acted', describeOutcome(outcome));
  return takeSteps(run, { step: index + 1, isBegun: false }, record, dependencies);
}

/** The time at which it is over is absolute, so that it is the same after a restart. */
async function beginToRest(
  { plan }: StartedRun,
  step: WaitStep,
  index: number,
  record: RunRecord,
): Promise<Progress> {
  const nowMs = Date.now();
  const [from, until] = [nowMs, nowMs + waitMs(step, plan)].map((ms) => new Date(ms).toISOString());
  await record.add('resting', { step: index, for: step.until, from, until }, { state: 'resting' });
  return 'again';
}

/**
 * Whether what was begun is put back instead of going on: where a bot was told something and did not say that it is so, or a command among several surely
 * failed. A command whose end nobody knows may have done its work, and what follows looks at that.
 */
function isGivenUp({ steps, undo }: Action, step: CommandStep | HttpStep, { kind }: Outcome): boolean {
  if (kind === 'succeeded' || undo === undefined) return false;
  return step.kind === 'http' || (kind === 'failed' && steps.length > 1);
}

async function giveUp(
  run: StartedRun,
  outcome: Outcome,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const reason = reasonOfNothing(outcome) ?? 'action_failed';
  const detail = saidBy(outcome) || (outcome.kind === 'succeeded' ? '' : outcome.reason);
  await undoAndFinish(run, { cause: 'given_up', reason, detail }, record, dependencies);
  return 'done';
}

/** A command that surely did not start has changed nothing; in all other cases what counts is what Prometheus sees afterwards. */
async function endAfter(
  outcome: Outcome,
  run: StartedRun,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const reason = reasonOfNothing(outcome);
  if (reason === undefined)
    return prove(run, outcome.kind === 'failed' ? 'action_failed' : 'not_verified', record, dependencies);
  await record.finish('failed', reason, run.plan, saidBy(outcome) || undefined);
  return 'done';
}

/** Why a command has surely changed nothing; undefined where it may have. */
function reasonOfNothing(outcome: Outcome): Reason | undefined {
  if (wasNeverStarted(outcome)) return 'not_started';
  return foundBrokenConfiguration(outcome) ? 'configuration_broken' : undefined;
}

async function prove(
  run: StartedRun,
  reasonOfFailure: Reason,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  await proveAndFinish({ ...run, reasonOfFailure }, record, dependencies);
  return 'done';
}
