import type { Action, WaitStep } from '../actions/action.ts';
import { approvalAmong } from '../decide/approval.ts';
import { seeBot, type Seen } from './bot-conditions.ts';
import { whatHoldsRest } from './going-on.ts';
import { actionOf } from './plan-queries.ts';
import { performUndo } from './prove.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { Reason, Run } from './run.ts';
import { mayHaveBeenHeard, silenceOnce, untilSilencedMs, whileSilenced } from './silenced.ts';
import { restAmong, startedRun, type Rest, type StartedRun } from './started-run.ts';
import { restOfRunMs } from './step-times.ts';
import type { Progress } from './stop.ts';
import { takeSteps } from './take-steps.ts';

/** A run that rests, with what it waits for. */
interface Resting {
  readonly run: Run;
  readonly started: StartedRun;
  readonly action: Action;
  readonly step: WaitStep;
  readonly rest: Rest;
}

/** Why a run is given up instead of going on. */
interface GivenUp {
  readonly reason: Reason;
  readonly detail?: string;
}

/**
 * Looks once whether a run that rests can go on, and goes on; or gives it up where its time is over, or its alert has ended. All of it stands in the
 * journal, so that it is the same after a restart. It is looked at again while it rests.
 */
export async function lookAtResting(
  run: Run,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const resting = restingOf(run, dependencies);
  const { step, rest, started } = resting;
  const ended = step.completes === true ? undefined : reasonToEnd(run);
  if (ended !== undefined) return giveUp(resting, { reason: ended }, record, dependencies);
  await silence(resting, record, dependencies);
  const nowMs = Date.now();
  const seen = await look(resting, nowMs, dependencies);
  const against = seen.isMet ? await whatHolds(resting, dependencies) : undefined;
  if (seen.isMet && against === undefined) return goOn(resting, record, dependencies);
  if (nowMs < rest.untilMs) return 'again';
  const late = { reason: seen.reason ?? step.otherwise.reason, detail: seen.says };
  if (step.otherwise.isUndone)
    return giveUp(
      resting,
      against === undefined ? late : { reason: 'held_back', detail: against },
      record,
      dependencies,
    );
  await record.finish('failed', late.reason, started.plan, late.detail);
  return 'done';
}

/** What ends a wait before its time. */
function reasonToEnd({ alert, events }: Run): Reason | undefined {
  if (alert.status === 'resolved') return 'alert_resolved';
  return approvalAmong(events)?.kind === 'denied' ? 'denied' : undefined;
}

/** Who waits for hours should not be alone with it: of the waits, only that for the end of what was begun is silenced. */
async function silence(resting: Resting, record: RunRecord, dependencies: RunDependencies): Promise<void> {
  const { run, rest, step } = resting;
  if (step.completes !== true || mayHaveBeenHeard(run, rest.fromMs)) return;
  await silenceOnce(run, leftMs(resting, rest.step, dependencies), record, dependencies);
}

function restingOf(run: Run, { inventory }: RunDependencies): Resting {
  const started = startedRun(run);
  const rest = restAmong(run.events);
  const action = actionOf(started.plan, inventory());
  const step = action?.steps[rest.step];
  if (action === undefined || step?.kind !== 'wait')
    throw new Error(`run ${run.id} waits for nothing that is known`);
  return { run, started, action, step, rest };
}

async function look(
  { step, rest, started }: Resting,
  nowMs: number,
  dependencies: RunDependencies,
): Promise<Seen> {
  if (nowMs < rest.fromMs + step.notBeforeSeconds * 1000) return { isMet: false, says: 'it has only begun' };
  return seeBot(step.until, started.plan, dependencies);
}

async function whatHolds(
  { run, started, step }: Resting,
  dependencies: RunDependencies,
): Promise<string | undefined> {
  return step.completes === true ? undefined : whatHoldsRest(run, started.plan, dependencies);
}

/**
 * Others may have worked on the host meanwhile, and people may have spoken: what is waited for must still be so once it is free, and nothing may speak
 * against going on.
 */
async function goOn(resting: Resting, record: RunRecord, dependencies: RunDependencies): Promise<Progress> {
  const { run, started, action, step, rest } = resting;
  const { locks, signal, journal } = dependencies;
  return locks.hold(started.plan.host, async () => {
    signal.throwIfAborted();
    const seen = await seeBot(step.until, started.plan, dependencies);
    if (!seen.isMet || (await whatHolds(resting, dependencies)) !== undefined) return 'again';
    // Read last, since the questions before took their time.
    const now = await journal.run(run.id);
    const ended = now === undefined || step.completes === true ? undefined : reasonToEnd(now);
    if (ended !== undefined) return putBack(resting, { reason: ended }, record, dependencies);
    const next = rest.step + 1;
    const isHeldBack = action.steps[next]?.completes !== true;
    record.note('waited', { step: rest.step, seen: seen.says });
    if (!(await record.reclaim('step', { step: next }, { state: 'acting', isHeldBack }))) return 'again';
    const work = () => takeSteps(started, { step: next, isBegun: true }, record, dependencies);
    // Where the wait before was silenced, that lasts to the end.
    if (step.completes === true || mayHaveBeenHeard(run, Date.now())) return work();
    const lastsMs = leftMs(resting, next, dependencies);
    return whileSilenced(run, { lastsMs, afterMs: untilSilencedMs(run) }, record, dependencies, work);
  });
}

/** How long what is left of the run may take, from a step on. */
function leftMs({ started, action }: Resting, from: number, { inventory }: RunDependencies): number {
  const policy = inventory().policies.find(({ name }) => name === started.plan.policy);
  return policy === undefined ? 0 : restOfRunMs(action, from, started.plan, policy);
}

async function giveUp(
  resting: Resting,
  why: GivenUp,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  return dependencies.locks.hold(resting.started.plan.host, async () => {
    dependencies.signal.throwIfAborted();
    return putBack(resting, why, record, dependencies);
  });
}

/** Its host is this run's alone. */
async function putBack(
  { started }: Resting,
  why: GivenUp,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const cause = { cause: 'given_up', ...why } as const;
  const claim = { state: 'undoing', isHeldBack: false } as const;
  if (!(await record.reclaim('undoing', cause, claim))) return 'again';
  await performUndo(started, cause, record, dependencies);
  return 'done';
}
