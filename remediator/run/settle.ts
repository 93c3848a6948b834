import { proveAndFinish, undoAndFinish, undoCauseOf } from './prove.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { Run, RunEvent } from './run.ts';
import { liftSilenceOf } from './silenced.ts';

/** Settles a run that was started before, and whose end nobody has seen: its command is not sent again. */
export async function settleRun(run: Run, record: RunRecord, dependencies: RunDependencies): Promise<void> {
  const { locks, journal, signal } = dependencies;
  if (run.plan === undefined) throw new Error(`run ${run.id} was started without a plan`);
  const { plan } = run;
  await locks.hold(plan.host, async () => {
    signal.throwIfAborted();
    const now = await journal.run(run.id);
    if (now === undefined || now.state === 'closed') return;
    record.note('settling', { from: now.state });
    if (now.state === 'undoing') return undoAndFinish(run.id, plan, undoCauseOf(now), record, dependencies);
    const wasHealthy = now.events.some(({ kind, data }) => kind === 'acting' && data['wasHealthy'] === true);
    const fix = { runId: run.id, plan, proof: proofAmong(now.events), wasHealthy } as const;
    await proveAndFinish({ ...fix, reasonOfFailure: 'not_verified' }, record, dependencies);
  });
  await liftSilenceOf(run.events, dependencies);
}

/** The query that was to prove the fix, as it was when the run began to act. */
function proofAmong(events: readonly RunEvent[]): string | undefined {
  const proof = events.findLast(({ kind }) => kind === 'guarded')?.data['proof'];
  return typeof proof === 'string' ? proof : undefined;
}
