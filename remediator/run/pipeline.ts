import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../../hosts/host.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import { isConclusive } from '../prometheus/evidence.ts';
import { freezesOf } from '../decide/freeze.ts';
import { decideNow } from './decide-now.ts';
import { evidenceAgainst } from './evidence-against.ts';
import { describeOutcome, perform, wasNeverStarted } from './perform.ts';
import { liftSilenceOf, whileSilenced } from './silenced.ts';
import type { CommandStep } from '../actions/action.ts';
import { actionOf, fillQuery } from './plan-queries.ts';
import { proveAndFinish, undoAndFinish, undoCauseOf } from './prove.ts';
import type { Plan, Reason, Run } from './run.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';

/** Whether a run has gone as far as it can, or should be looked at again in a while. */
export type Progress = 'done' | 'again';

/** Why a run stops before it acts. */
interface Stop {
  readonly reason: Reason;
  readonly plan?: Plan;
  readonly detail?: string;
}

/** Takes a run that has not acted from its alert to its end, or to the reason why it does not act. */
export async function runPipeline(
  run: Run,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const { locks, signal } = dependencies;
  const decision = await decideNow(run, dependencies);
  if (decision.kind === 'stop') return stop(run, record, decision);
  const { host } = decision.plan;
  if (locks.isHeld(host)) await stop(run, record, { reason: 'host_busy', plan: decision.plan });
  return locks.hold(host, async () => {
    signal.throwIfAborted();
    return runOnHost(host, run.id, record, dependencies);
  });
}

/** While a run waited for its host, others may have acted there: it decides again, and asks for its evidence only now. */
async function runOnHost(
  host: string,
  runId: string,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const run = await dependencies.journal.run(runId);
  if (run?.state !== 'waiting') return 'done';
  const decision = await decideNow(run, dependencies);
  if (decision.kind === 'stop') return stop(run, record, decision);
  const { plan, policy } = decision;
  // steward.yml was changed meanwhile.
  if (plan.host !== host) return 'again';
  record.note('matched', { ...plan });
  record.note('locked', { host });
  const freezes = freezesOf(dependencies.inventory().freezes, policy.name);
  const against = await evidenceAgainst(run.alert, plan, policy, freezes, dependencies.prometheus);
  if (against !== undefined) return stop(run, record, { plan, ...against });
  record.note('corroborated');
  record.note('guarded', { guards: policy.guard });
  return claimAndAct(run, plan, policy, record, dependencies);
}

async function claimAndAct(
  run: Run,
  plan: Plan,
  policy: Policy,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const wasHealthy = await isHealthyNow(plan, dependencies);
  // While Prometheus was asked, alerts of other hosts may have come, and people may have spoken.
  const now = await dependencies.journal.run(run.id);
  const decision = await decideNow(now ?? run, dependencies);
  if (decision.kind === 'stop') return stop(run, record, decision);
  if (!isDeepStrictEqual(decision.plan, plan)) return 'again';
  // Committed before anything is sent: whatever happens then, it is not sent a second time.
  if (!(await record.claimStart(plan, { mode: policy.mode, wasHealthy }))) {
    await stop(run, record, { reason: 'host_busy', plan });
    return 'again';
  }
  const { step } = actionOf(plan);
  await whileSilenced(run, { lastsMs: silenceMs(step, policy) }, record, dependencies, async () => {
    const outcome = await perform(step, plan, run.id, dependencies);
    await record.add('acted', describeOutcome(outcome), { state: 'verifying' });
    await endAfter(outcome, run, plan, wasHealthy, record, dependencies);
  });
  return 'done';
}

/** As long as an action and its proof may take, an undo included. */
function silenceMs({ timeoutSeconds }: CommandStep, { verify }: Policy): number {
  return 2 * timeoutSeconds * 1000 + verify.within + 60_000;
}

/** A command that surely did not start has changed nothing; in all other cases what counts is what Prometheus sees afterwards. */
async function endAfter(
  outcome: Outcome,
  run: Run,
  plan: Plan,
  wasHealthy: boolean,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<void> {
  if (wasNeverStarted(outcome)) return record.finish('failed', 'not_started', plan);
  const reason = outcome.kind === 'failed' ? 'action_failed' : 'not_verified';
  await proveAndFinish({ runId: run.id, plan, wasHealthy, reasonOfFailure: reason }, record, dependencies);
}

/** Settles a run that was started before, and whose end nobody has seen: its command is not sent again. */
export async function settleRun(
  run: Run,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
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
    const proof = { runId: run.id, plan, wasHealthy, reasonOfFailure: 'not_verified' } as const;
    await proveAndFinish(proof, record, dependencies);
  });
  await liftSilenceOf(run.events, dependencies);
  return 'done';
}

/** What is blocked stays open while the alert fires, and is told once for each reason. When the alert ends, that stays its outcome. */
async function stop(run: Run, record: RunRecord, { reason, plan, detail }: Stop): Promise<Progress> {
  if (reason === 'alert_resolved') await closeUnacted(run, record);
  else if (reason === 'denied') await record.finish('denied', 'denied', plan);
  else if (run.reason !== reason) await record.block(outcomeOfStop(reason), reason, plan, detail);
  // What it waits for ends on its own time, and no delivery tells of that.
  return reason === 'waits_for_policy' ? 'again' : 'done';
}

function outcomeOfStop(reason: Reason) {
  if (reason === 'no_policy') return 'no_policy';
  return reason === 'mode_needs_approval' ? 'awaiting_approval' : 'blocked';
}

async function closeUnacted(run: Run, record: RunRecord): Promise<void> {
  if (run.outcome === 'awaiting_approval') return record.finish('expired', 'alert_resolved');
  await record.finish(run.outcome ?? 'blocked', run.reason ?? 'alert_resolved');
}

async function isHealthyNow(plan: Plan, { prometheus }: RunDependencies): Promise<boolean> {
  const { harm } = actionOf(plan);
  if (harm === undefined) return false;
  return prometheus.query(fillQuery(harm.healthy, plan)).then(isConclusive, () => false);
}
