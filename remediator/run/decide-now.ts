import { actionsOf } from '../actions.ts';
import { approvalAmong } from '../decide/approval.ts';
import { TRUST_MS } from '../decide/autonomy.ts';
import { decide, type Decision, type DecisionInput } from '../decide/decide.ts';
import { longestWindowMs } from '../decide/frequency.ts';
import { MASS_FAILURE_MS } from '../decide/mass-failure.ts';
import { planFor, policyFor } from '../decide/planned.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Journal, PastAction } from '../store/journal.ts';
import type { Run } from './run.ts';
import type { RunDependencies } from './run-dependencies.ts';

/** How far back the actions of others on the same host count. */
const HOST_HISTORY_MS = 86_400_000;

/** Decisions of the same second ask for the same episodes, so that they can share the reading. */
const EPISODES_FROM_MS = 1000;

/** What a decision needs. */
export type DecideDependencies = Pick<RunDependencies, 'journal' | 'inventory'>;

/** Decides about a run's alert on the policies and the history as they are now. */
export async function decideNow(run: Run, dependencies: DecideDependencies): Promise<Decision> {
  const { journal } = dependencies;
  const inventory = dependencies.inventory();
  const nowMs = Date.now();
  const { history, pause } = await pastOf(run, inventory, journal, nowMs);
  const known: DecisionInput = {
    alert: run.alert,
    run: { id: run.id, acceptedAtMs: Date.parse(run.createdAt) },
    inventory,
    actions: actionsOf(inventory),
    history,
    episodes: [],
    openRuns: [],
    pause,
    approval: approvalAmong(run.events),
    nowMs,
  };
  const decision = decide(known);
  // What happens elsewhere can only hold back what would be done.
  if (decision.kind === 'stop' || (decision.kind === 'observe' && decision.against !== undefined))
    return decision;
  const fromMs = Math.floor((nowMs - MASS_FAILURE_MS) / EPISODES_FROM_MS) * EPISODES_FROM_MS;
  const [episodes, resumedAtMs, openRuns] = await Promise.all([
    journal.episodesSince(fromMs),
    journal.resumedAtMs(),
    decision.policy.after.length === 0 ? [] : journal.openRuns(),
  ]);
  return decide({ ...known, episodes, resumedAtMs, openRuns });
}

/** Nothing of it counts for an alert that no policy is for, as most are where many fire at once. */
async function pastOf(
  { alert }: Run,
  inventory: Inventory,
  journal: Journal,
  nowMs: number,
): Promise<Pick<DecisionInput, 'history' | 'pause'>> {
  const policy = policyFor(alert.labels, inventory.policies);
  if (policy === undefined) return { history: [] };
  const [history, pause] = await Promise.all([
    historyOf(policy, alert, inventory, journal, nowMs),
    journal.pause(),
  ]);
  return { history, pause };
}

async function historyOf(
  policy: Policy,
  alert: Alert,
  inventory: Inventory,
  journal: Journal,
  nowMs: number,
): Promise<readonly PastAction[]> {
  const planned = planFor(policy, 0, alert, inventory, actionsOf(inventory));
  if ('reason' in planned) return [];
  return journal.pastActions({
    policy: policy.name,
    policySinceMs: nowMs - Math.max(TRUST_MS, longestWindowMs(policy)),
    host: planned.plan.host,
    hostSinceMs: nowMs - HOST_HISTORY_MS,
  });
}
