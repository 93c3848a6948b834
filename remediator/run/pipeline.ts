import { freezesOf } from '../decide/freeze.ts';
import { claimAndAct } from './act.ts';
import { decideNow } from './decide-now.ts';
import { holdBack } from './hold-back.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { Run } from './run.ts';
import { stop, type Progress } from './stop.ts';
import { weighEvidence } from './weigh-evidence.ts';

/** Takes a run that has not acted from its alert to its end, or to the reason why it does not act. */
export async function runPipeline(
  run: Run,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const { locks, signal } = dependencies;
  const decision = await decideNow(run, dependencies);
  if (decision.kind !== 'act') return holdBack(run, decision, record, dependencies);
  const { host } = decision.plan;
  if (locks.isBusy(host)) await stop(run, record, { reason: 'host_busy', plan: decision.plan });
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
  if (decision.kind !== 'act') return holdBack(run, decision, record, dependencies);
  const { plan, policy } = decision;
  // steward.yml was changed meanwhile.
  if (plan.host !== host) return 'again';
  record.note('matched', { ...plan });
  record.note('locked', { host });
  const freezes = freezesOf(dependencies.inventory().freezes, policy.name);
  const weighed = await weighEvidence(run.alert, plan, policy, freezes, dependencies.prometheus);
  // What this process's own end has cut off says nothing of Prometheus.
  dependencies.signal.throwIfAborted();
  if ('against' in weighed) return stop(run, record, { plan, ...weighed.against });
  record.note('corroborated', { rule: weighed.rule });
  record.note('guarded', { guards: weighed.guards, proof: weighed.proof });
  return claimAndAct(run, { plan, policy, proof: weighed.proof }, record, dependencies);
}
