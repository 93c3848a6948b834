import { messageOf } from '../message-of.ts';
import { describeOutcome, perform } from './perform.ts';
import { actionOf, fillQuery } from './plan-queries.ts';
import type { Plan, Reason, Run } from './run.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import { verify, type VerificationResult } from './verify.ts';

/** A fix that is to be proved. */
export interface UnprovedFix {
  readonly runId: string;
  readonly plan: Plan;
  /** What proves it; undefined where that was not recorded, and nothing can. */
  readonly proof: string | undefined;
  /** Whether the target was seen to be healthy just before, so that harm can be told. */
  readonly wasHealthy: boolean;
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
  const undoFor = (cause: UndoCause) => undoAndFinish(fix.runId, fix.plan, cause, record, dependencies);
  if (result === 'harmed') return undoFor('harm');
  const action = actionOf(fix.plan, dependencies.inventory());
  if (result === 'inconclusive' && action?.isUndoneUnlessProved === true) return undoFor('not_healed');
  if (result === 'inconclusive') return record.finish('failed', fix.reasonOfFailure, fix.plan);
  record.note('verified');
  await record.finish('verified', 'verified', fix.plan);
}

/** Why an action is undone. */
type UndoCause = 'harm' | 'not_healed';

/** Undoes an action that did harm, or that helped nothing. It may be called again after a crash: an undo is idempotent. */
export async function undoAndFinish(
  runId: string,
  plan: Plan,
  cause: UndoCause,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<void> {
  const step = actionOf(plan, dependencies.inventory())?.undo;
  if (step === undefined) return record.finish('failed', 'harm_not_undone', plan);
  await record.add('undoing', { cause }, { state: 'undoing' });
  const outcome = await perform(step, plan, runId, dependencies);
  // An undo that this process's own end has cut off is done again after the next start.
  dependencies.signal.throwIfAborted();
  record.note('undone', describeOutcome(outcome));
  if (outcome.kind === 'succeeded') return record.finish('rolled_back', `${cause}_undone`, plan);
  await record.finish('failed', 'undo_failed', plan);
}

/** Why a run was being undone when it was left. */
export function undoCauseOf({ events }: Run): UndoCause {
  const last = events.findLast(({ kind }) => kind === 'undoing');
  return last?.data['cause'] === 'not_healed' ? 'not_healed' : 'harm';
}

async function prove(
  { plan, proof, wasHealthy }: UnprovedFix,
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
