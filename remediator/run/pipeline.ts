import type { Host } from '../../hosts/host.ts';
import { substituteVariables } from '../../inventory/promql.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import { actions } from '../actions.ts';
import type { Action } from '../actions/action.ts';
import { decide, type Decision } from '../decide/decide.ts';
import { isCorroborated } from '../prometheus/corroborate.ts';
import { isConclusive } from '../prometheus/evidence.ts';
import { failingGuard } from '../prometheus/guards.ts';
import type { PrometheusClient } from '../prometheus/prometheus-client.ts';
import type { Refresh } from '../refresh.ts';
import type { Journal } from '../store/journal.ts';
import { describeOutcome, perform } from './perform.ts';
import type { Plan, Reason, Run } from './run.ts';
import type { RunRecord } from './run-record.ts';
import { verify, type VerificationResult } from './verify.ts';

/** What a run needs from outside. */
export interface PipelineDependencies {
  readonly journal: Journal;
  readonly prometheus: PrometheusClient;
  readonly refresh: Refresh;
  /** The host by its id, with the key that acts. */
  readonly hostOf: (id: string) => Host;
  readonly inventory: () => Inventory;
  /** Aborts when the process is to stop; what was started is settled after the next start. */
  readonly signal: AbortSignal;
}

/** How long back actions count for cooldowns and limits: as long as any limit's window may be. */
const HISTORY_MS = 366 * 86_400_000;

/** Takes a run that has not acted from its alert to its end, or to the reason why it does not act. */
export async function runPipeline(
  run: Run,
  record: RunRecord,
  dependencies: PipelineDependencies,
): Promise<void> {
  const decision = await decideNow(run, dependencies);
  if (run.alert.status === 'resolved') return closeUnacted(run, record);
  if (decision.kind === 'stop') return block(run, record, decision);
  const { plan, policy } = decision;
  await record.add('matched', { ...plan }, { plan });
  const notTrue = await evidenceAgainst(run, plan, policy, dependencies);
  if (notTrue !== undefined) return block(run, record, { kind: 'stop', plan, ...notTrue });
  await record.add('corroborated');
  await record.add('guarded', { guards: policy.guard.length });
  const wasHealthy = await isHealthyNow(plan, dependencies);
  // The claim is the lock of the host, and is committed before anything is sent. A run that has to wait for the host begins
  // again at its alert when the host is free, so that no evidence is older than the claim.
  if (!(await record.claimStart(plan, { wasHealthy }))) {
    return block(run, record, { kind: 'stop', reason: 'host_busy', plan });
  }
  await act(run, plan, record, dependencies);
  await proveAndFinish(run.id, plan, wasHealthy, record, dependencies);
}

/** Settles a run that was started before this process was: its command is never sent again. */
export async function settleRun(
  run: Run,
  record: RunRecord,
  dependencies: PipelineDependencies,
): Promise<void> {
  const { plan } = run;
  if (plan === undefined) return record.finish('failed', 'internal_error');
  await record.add('settling', { from: run.state });
  if (run.state === 'undoing') return undo(run.id, plan, record, dependencies);
  const wasHealthy = run.events.some(({ kind, data }) => kind === 'acting' && data['wasHealthy'] === true);
  await proveAndFinish(run.id, plan, wasHealthy, record, dependencies);
}

async function decideNow(run: Run, { journal, inventory }: PipelineDependencies): Promise<Decision> {
  const nowMs = Date.now();
  const history = await journal.actionsSince(nowMs - HISTORY_MS);
  return decide({ alert: run.alert, inventory: inventory(), actions, history, nowMs });
}

/** What is blocked stays open while the alert fires, and is told once for each reason. */
async function block(
  run: Run,
  record: RunRecord,
  stop: Extract<Decision, { kind: 'stop' }> & { readonly detail?: string },
): Promise<void> {
  if (run.reason === stop.reason) return;
  const outcome = outcomeOfBlock(stop.reason);
  const data = { reason: stop.reason, ...(stop.detail === undefined ? {} : { detail: stop.detail }) };
  await record.add('blocked', data, {
    outcome,
    reason: stop.reason,
    ...(stop.plan === undefined ? {} : { plan: stop.plan }),
  });
}

function outcomeOfBlock(reason: Reason) {
  if (reason === 'no_policy') return 'no_policy';
  return reason === 'mode_needs_approval' ? 'awaiting_approval' : 'blocked';
}

/** The alert ended before anything was done: what held it up until then stays its outcome. */
async function closeUnacted(run: Run, record: RunRecord): Promise<void> {
  if (run.outcome === 'awaiting_approval') return record.finish('expired', 'alert_resolved');
  await record.finish(run.outcome ?? 'blocked', run.reason ?? 'alert_resolved');
}

interface Against {
  readonly reason: Reason;
  readonly detail?: string;
}

async function evidenceAgainst(
  run: Run,
  plan: Plan,
  policy: Policy,
  dependencies: PipelineDependencies,
): Promise<Against | undefined> {
  try {
    if (!(await isCorroborated(dependencies.prometheus, run.alert))) return { reason: 'not_corroborated' };
  } catch (error) {
    return { reason: 'prometheus_unreachable', detail: messageOf(error) };
  }
  return guardAgainst(plan, policy, dependencies);
}

async function guardAgainst(
  plan: Plan,
  policy: Policy,
  { prometheus }: PipelineDependencies,
): Promise<Against | undefined> {
  try {
    const guards = policy.guard.map((guard) => substituteVariables(guard, variables(plan)));
    const failing = await failingGuard(prometheus, guards);
    return failing === undefined ? undefined : { reason: 'guard_failed', detail: failing };
  } catch (error) {
    return { reason: 'prometheus_unreachable', detail: messageOf(error) };
  }
}

async function isHealthyNow(plan: Plan, { prometheus }: PipelineDependencies): Promise<boolean> {
  const { harm } = actionOf(plan);
  if (harm === undefined) return false;
  const query = substituteVariables(harm.healthy, variables(plan));
  return prometheus.query(query).then(isConclusive, () => false);
}

async function act(
  run: Run,
  plan: Plan,
  record: RunRecord,
  { hostOf, signal }: PipelineDependencies,
): Promise<void> {
  const outcome = await perform(hostOf(plan.host), actionOf(plan).step, plan, run.id, signal);
  await record.add('acted', describeOutcome(outcome), { state: 'verifying' });
}

/** Whatever the command said, what counts is what Prometheus sees afterwards. */
async function proveAndFinish(
  runId: string,
  plan: Plan,
  wasHealthy: boolean,
  record: RunRecord,
  dependencies: PipelineDependencies,
): Promise<void> {
  await record.add('verifying', {}, { state: 'verifying' });
  const result = await prove(plan, wasHealthy, record, dependencies);
  if (result === 'harmed') return undo(runId, plan, record, dependencies);
  if (result === 'inconclusive') return record.finish('failed', 'not_verified');
  await record.add('verified');
  await record.finish('verified', 'verified');
}

async function prove(
  plan: Plan,
  wasHealthy: boolean,
  record: RunRecord,
  { prometheus, refresh, inventory, signal }: PipelineDependencies,
): Promise<VerificationResult> {
  const policy = inventory().policies.find(({ name }) => name === plan.policy);
  const afterSeconds = await prometheus.now().catch(() => undefined);
  if (policy === undefined || afterSeconds === undefined) return 'inconclusive';
  const action = actionOf(plan);
  for (const collector of action.refresh) {
    // Without it the proof comes with the next background reading, or too late.
    await refresh(plan.target, collector).catch((error: unknown) =>
      record.add('verifying', { refresh: collector, failed: messageOf(error) }),
    );
  }
  const fill = (query: string) => substituteVariables(query, variables(plan));
  const harm = wasHealthy && action.harm;
  return verify(
    prometheus,
    {
      target: plan.target,
      query: fill(policy.verify.query),
      samples: policy.verify.samples,
      withinMs: policy.verify.within,
      afterSeconds,
      harm: harm ? { healthy: fill(harm.healthy), harmed: fill(harm.harmed) } : undefined,
    },
    signal,
  );
}

async function undo(
  runId: string,
  plan: Plan,
  record: RunRecord,
  { hostOf, signal }: PipelineDependencies,
): Promise<void> {
  const step = actionOf(plan).undo;
  if (step === undefined) return record.finish('failed', 'not_verified');
  await record.add('undoing', {}, { state: 'undoing' });
  const outcome = await perform(hostOf(plan.host), step, plan, runId, signal);
  await record.add('undone', describeOutcome(outcome));
  if (outcome.kind === 'succeeded') return record.finish('rolled_back', 'harm_undone');
  return record.finish('failed', 'undo_failed');
}

function variables(plan: Plan): Record<string, string> {
  return { ...plan.parameters, target: plan.target, host: plan.host };
}

function actionOf(plan: Plan): Action {
  const action = actions.get(plan.action);
  if (action === undefined) throw new Error(`there is no action ${plan.action}`);
  return action;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
