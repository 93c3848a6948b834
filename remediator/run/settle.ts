import { actionOf } from './plan-queries.ts';
import { proveAndFinish, undoAndFinish } from './prove.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { Run } from './run.ts';
import { lastStepOf, startedRun, undoCauseAmong } from './started-run.ts';
import type { Progress } from './stop.ts';
import { takeSteps } from './take-steps.ts';

/**
 * Settles a run that was started before, and whose end nobody has seen: its command is not sent again. What a bot was told may be told again, and what came
 * after is taken then.
 */
export async function settleRun(
  run: Run,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const { locks, journal, signal } = dependencies;
  const started = startedRun(run);
  return locks.hold(started.plan.host, async () => {
    signal.throwIfAborted();
    const now = await journal.run(run.id);
    if (now === undefined || now.state === 'closed' || now.state === 'resting') return 'done';
    record.note('settling', { from: now.state });
    if (now.state === 'acting') return takeOn(now, record, dependencies);
    if (now.state === 'undoing')
      await undoAndFinish(started, undoCauseAmong(now.events), record, dependencies);
    else await proveAndFinish({ ...started, reasonOfFailure: 'not_verified' }, record, dependencies);
    return 'done';
  });
}

async function takeOn(run: Run, record: RunRecord, dependencies: RunDependencies): Promise<Progress> {
  const started = startedRun(run);
  const step = lastStepOf(run.events);
  const isToldAgain = actionOf(started.plan, dependencies.inventory())?.steps[step]?.kind === 'http';
  const place = isToldAgain ? { step, isBegun: true } : { step: step + 1, isBegun: false };
  return takeSteps(started, place, record, dependencies);
}
