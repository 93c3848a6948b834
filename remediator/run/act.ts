import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../../inventory/schema/policy.ts';
import { isConclusive } from '../prometheus/evidence.ts';
import { whatBotLacks } from './bot-conditions.ts';
import { decideNow } from './decide-now.ts';
import { holdBack } from './hold-back.ts';
import { actionOf, fillQuery } from './plan-queries.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { Plan, Run } from './run.ts';
import { whileSilenced } from './silenced.ts';
import { restOfRunMs } from './step-times.ts';
import { stop, type Progress } from './stop.ts';
import { takeSteps } from './take-steps.ts';

/** What a run is to do, once nothing speaks against it. */
export interface Deed {
  readonly plan: Plan;
  readonly policy: Policy;
  /** The query that will prove it. */
  readonly proof: string;
}

/** Claims the start of a run, and acts, up to its first wait or its end. Its host is this run's alone. */
export async function claimAndAct(
  run: Run,
  deed: Deed,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const { plan, policy, proof } = deed;
  const wasHealthy = await isHealthyNow(plan, dependencies);
  const unfit = await whatBotLacks(plan, dependencies);
  dependencies.signal.throwIfAborted();
  if (unfit !== undefined) return stop(run, record, { ...unfit, plan });
  // While Prometheus was asked, alerts of other hosts may have come, and people may have spoken.
  const now = await dependencies.journal.run(run.id);
  const decision = await decideNow(now ?? run, dependencies);
  if (decision.kind !== 'act') return holdBack(now ?? run, decision, record, dependencies);
  if (!isDeepStrictEqual(decision.plan, plan)) return 'again';
  const action = actionOf(plan, dependencies.inventory());
  if (action === undefined) return 'again';
  // Committed before anything is sent: whatever happens then, it is not sent a second time.
  if (!(await record.claimStart(plan, { mode: policy.mode, wasHealthy }))) {
    await stop(run, record, { reason: 'host_busy', plan });
    return 'again';
  }
  const lastsMs = restOfRunMs(action, 0, plan, policy);
  const started = { id: run.id, plan, proof, wasHealthy };
  return whileSilenced(run, { lastsMs }, record, dependencies, () =>
    takeSteps(started, { step: 0, isBegun: true }, record, dependencies),
  );
}

async function isHealthyNow(plan: Plan, { prometheus, inventory }: RunDependencies): Promise<boolean> {
  const harm = actionOf(plan, inventory())?.harm;
  if (harm === undefined) return false;
  return prometheus.query(fillQuery(harm.healthy, plan)).then(isConclusive, () => false);
}
