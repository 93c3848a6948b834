import type { Outcome } from '../../hosts/host.ts';
import type { UndoStep } from '../actions/action.ts';
import { messageOf } from '../message-of.ts';
import { describeOutcome, foundHostBusy, perform } from './perform.ts';
import { actionOf, fillQuery } from './plan-queries.ts';
import type { Plan, Reason } from './run.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { StartedRun, UndoCause } from './started-run.ts';
import { verify, type VerificationResult } from './verify.ts';

/** A fix that is to be proved. */
interface UnprovedFix extends StartedRun {
  /** The reason of the failure where there is no proof. */
  readonly reasonOfFailure: Reason;
}

/** Ends a run by what Prometheus sees after the action: proved, undone because it did harm, or failed. */
export async function proveAndFinish(
  fix: UnprovedFix,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<void> {
  await record.add('verifying', {}, { state: 'verifying' });
  const result = await prove(fix, record, dependencies);
  const undoFor = (cause: 'harm' | 'not_healed') => undoAndFinish(fix, { cause }, record, dependencies);
  if (result === 'harmed') return undoFor('harm');
  const action = actionOf(fix.plan, dependencies.inventory());
  if (result === 'inconclusive' && action?.isUndoneUnlessProved === true) return undoFor('not_healed');
  if (result === 'inconclusive') return record.finish('failed', fix.reasonOfFailure, fix.plan);
  record.note('verified');
  await record.finish('verified', 'verified', fix.plan);
}

/** Undoes an action that did harm, that helped nothing, or that was given up. It may be called again after a crash: an undo is idempotent. */
export async function undoAndFinish(
  run: StartedRun,
  cause: UndoCause,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<void> {
  if (undoOf(run.plan, dependencies) === undefined)
    return record.finish('failed', 'harm_not_undone', run.plan);
  await record.add('undoing', { ...cause }, { state: 'undoing' });
  await performUndo(run, cause, record, dependencies);
}

/** Does the same where the journal says already that it is begun. */
export async function performUndo(
  { id, plan }: StartedRun,
  cause: UndoCause,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<void> {
  const step = undoOf(plan, dependencies);
  if (step === undefined) return record.finish('failed', 'undo_failed', plan);
  const outcome = await performOnceFree(step, plan, id, dependencies);
  // An undo that this process's own end has cut off is done again after the next start.
  dependencies.signal.throwIfAborted();
  record.note('undone', describeOutcome(outcome));
  if (outcome.kind !== 'succeeded') return record.finish('failed', 'undo_failed', plan);
  if (cause.cause === 'given_up') return record.finish('rolled_back', cause.reason, plan, cause.detail);
  await record.finish('rolled_back', `${cause.cause}_undone`, plan);
}

/** What is to be undone may still be at work where its connection was lost: the host waits for it, and is asked again as long as it may take. */
async function performOnceFree(
  step: UndoStep,
  plan: Plan,
  runId: string,
  dependencies: RunDependencies,
): Promise<Outcome> {
  const { steps = [] } = actionOf(plan, dependencies.inventory()) ?? {};
  const limits = steps.map((each) => (each.kind === 'command' ? each.timeoutSeconds : 0));
  const untilMs = performance.now() + 1000 * Math.max(...limits, 0);
  for (;;) {
    const outcome = await perform(step, plan, runId, dependencies);
    if (!foundHostBusy(outcome) || performance.now() >= untilMs) return outcome;
  }
}

function undoOf(plan: Plan, { inventory }: RunDependencies): UndoStep | undefined {
  return actionOf(plan, inventory())?.undo;
}

async function prove(
  { plan, proof, wasHealthy, reasonOfFailure }: UnprovedFix,
  record: RunRecord,
  { prometheus, refresh, inventory, signal }: RunDependencies,
): Promise<VerificationResult> {
  const policy = inventory().policies.find(({ name }) => name === plan.policy);
  if (policy === undefined || proof === undefined) return 'inconclusive';
  const action = actionOf(plan, inventory());
  const harm = wasHealthy ? action?.harm : undefined;
  return verify(
    prometheus,
    {
      target: plan.target,
      query: proof,
      samples: policy.verify.samples,
      withinMs: policy.verify.within,
      harm: harm && { healthy: fillQuery(harm.healthy, plan), harmed: fillQuery(harm.harmed, plan) },
      endsDisproved: reasonOfFailure === 'action_failed',
    },
    // Without it the proof comes with the next background reading, or too late: it is not waited for.
    () =>
      void Promise.all(
        (action?.refresh ?? []).map((collector) => refreshOne(plan, collector, record, refresh)),
      ),
    signal,
  );
}

async function refreshOne(
  { target }: Plan,
  collector: string,
  record: RunRecord,
  refresh: RunDependencies['refresh'],
): Promise<void> {
  await refresh(target, collector).catch((error: unknown) => {
    record.note('verifying', { refresh: collector, failed: messageOf(error) });
  });
}
