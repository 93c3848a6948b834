import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../../hosts/host.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { CommandStep } from '../actions/action.ts';
import { isConclusive } from '../prometheus/evidence.ts';
import { decideNow } from './decide-now.ts';
import { describeOutcome, foundBrokenConfiguration, perform, saidBy, wasNeverStarted } from './perform.ts';
import { actionOf, fillQuery } from './plan-queries.ts';
import { proveAndFinish } from './prove.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { Plan, Run } from './run.ts';
import { whileSilenced } from './silenced.ts';
import { stop, type Progress } from './stop.ts';

/** What a run is to do, once nothing speaks against it. */
export interface Deed {
  readonly plan: Plan;
  readonly policy: Policy;
  /** The query that will prove it. */
  readonly proof: string;
}

/** Claims the start of a run, acts, and ends the run by what Prometheus sees afterwards. Its host is this run's alone. */
export async function claimAndAct(
  run: Run,
  deed: Deed,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const { plan, policy } = deed;
  const wasHealthy = await isHealthyNow(plan, dependencies);
  // While Prometheus was asked, alerts of other hosts may have come, and people may have spoken.
  const now = await dependencies.journal.run(run.id);
  const decision = await decideNow(now ?? run, dependencies);
  if (decision.kind === 'stop') return stop(run, record, decision);
  if (!isDeepStrictEqual(decision.plan, plan)) return 'again';
  const step = actionOf(plan, dependencies.inventory())?.step;
  if (step === undefined) return 'again';
  // Committed before anything is sent: whatever happens then, it is not sent a second time.
  if (!(await record.claimStart(plan, { mode: policy.mode, wasHealthy }))) {
    await stop(run, record, { reason: 'host_busy', plan });
    return 'again';
  }
  await whileSilenced(run, { lastsMs: silenceMs(step, policy) }, record, dependencies, async () => {
    const outcome = await perform(step, plan, run.id, dependencies);
    await record.add('acted', describeOutcome(outcome), { state: 'verifying' });
    await endAfter(outcome, run, deed, wasHealthy, record, dependencies);
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
  { plan, proof }: Deed,
  wasHealthy: boolean,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<void> {
  if (wasNeverStarted(outcome)) return record.finish('failed', 'not_started', plan);
  if (foundBrokenConfiguration(outcome))
    return record.finish('failed', 'configuration_broken', plan, saidBy(outcome));
  const reasonOfFailure = outcome.kind === 'failed' ? 'action_failed' : 'not_verified';
  await proveAndFinish({ runId: run.id, plan, proof, wasHealthy, reasonOfFailure }, record, dependencies);
}

async function isHealthyNow(plan: Plan, { prometheus, inventory }: RunDependencies): Promise<boolean> {
  const harm = actionOf(plan, inventory())?.harm;
  if (harm === undefined) return false;
  return prometheus.query(fillQuery(harm.healthy, plan)).then(isConclusive, () => false);
}
