import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action } from '../actions/action.ts';
import type { Alert } from '../alerts/alert.ts';
import { describePause, isPaused, type Pause } from '../pause.ts';
import type { Plan, Reason } from '../run/run.ts';
import type { Episode, PastAction } from '../store/journal.ts';
import { isApproved, type Approval } from './approval.ts';
import { actsByItself } from './autonomy.ts';
import { freezeByClock, freezesOf } from './freeze.ts';
import { frequencyReason } from './frequency.ts';
import { massFailureUntilMs } from './mass-failure.ts';
import { policyToWaitFor, runToJoin, type OpenRun, type ThisRun } from './other-runs.ts';
import { actingOnSame } from './shared-part.ts';
import { hitsOwnPart } from './own-part.ts';
import { planFor, policyFor } from './planned.ts';
import { dueStage } from './stage.ts';

/** What the decision is made from; nothing else counts. */
export interface DecisionInput {
  readonly alert: Alert;
  readonly run: ThisRun;
  readonly inventory: Inventory;
  readonly actions: ReadonlyMap<string, Action>;
  /** The actions of the alert's policy and on its host, oldest first, back to the longest window of the policy. */
  readonly history: readonly PastAction[];
  /** The episodes of the last hours, oldest first. */
  readonly episodes: readonly Episode[];
  /** When somebody last said to go on: what came before is no mass failure any more. */
  readonly resumedAtMs?: number | undefined;
  /** The runs that are not closed, where the alert's policy comes after others. */
  readonly openRuns: readonly OpenRun[];
  /** The newest pause, over or not. */
  readonly pause?: Pause | undefined;
  /** What a person said to this run, where somebody did. */
  readonly approval?: Approval | undefined;
  readonly nowMs: number;
}

/**
 * What to do by a plan: to act; to ask a person, where nothing else speaks against it; to observe, with what else would speak against it; or nothing, with
 * the reason. Where a policy matched, its plan is told also when nothing is done. In the first three cases Prometheus has the last word.
 */
export type Decision =
  | { readonly kind: 'act'; readonly plan: Plan; readonly policy: Policy }
  | {
      readonly kind: 'ask';
      readonly reason: 'mode_needs_approval';
      readonly plan: Plan;
      readonly policy: Policy;
    }
  | {
      readonly kind: 'observe';
      readonly reason: 'mode_observe';
      readonly plan: Plan;
      readonly policy: Policy;
      readonly against: Against | undefined;
    }
  | { readonly kind: 'stop'; readonly reason: Reason; readonly plan?: Plan; readonly detail?: string };

/** What speaks against an action. */
export interface Against {
  readonly reason: Reason;
  readonly detail?: string;
}

/** Decides what to do about an alert: the first policy whose matchers all fit counts. A pure function. */
export function decide(input: DecisionInput): Decision {
  const { alert, inventory, actions, history, nowMs } = input;
  if (alert.status === 'resolved') return { kind: 'stop', reason: 'alert_resolved' };
  const policy = policyFor(alert.labels, inventory.policies);
  if (policy === undefined) return { kind: 'stop', reason: 'no_policy' };
  const stage = dueStage(policy, alert.fingerprint, history, nowMs);
  const planned = planFor(policy, stage ?? policy.then.length, alert, inventory, actions);
  if ('reason' in planned) return { kind: 'stop', ...planned };
  const { plan, policy: guarded } = planned;
  const against: Against | undefined =
    stage === undefined ? { reason: 'escalated' } : whatSpeaksAgainst(policy, plan, input);
  if (policy.mode === 'observe' && against?.reason !== 'denied')
    return { kind: 'observe', reason: 'mode_observe', plan, policy: guarded, against };
  if (against !== undefined) return { kind: 'stop', plan, ...against };
  return mayAct(policy, plan, input)
    ? { kind: 'act', plan, policy: guarded }
    : { kind: 'ask', reason: 'mode_needs_approval', plan, policy: guarded };
}

function mayAct(policy: Policy, plan: Plan, { history, approval, nowMs }: DecisionInput): boolean {
  return actsByItself(policy, history, plan, nowMs) || isApproved(plan, approval, nowMs);
}

function whatSpeaksAgainst(policy: Policy, plan: Plan, input: DecisionInput): Against | undefined {
  const { run, approval, pause, history, openRuns, inventory, actions, nowMs } = input;
  const { fingerprint } = input.alert;
  const action = actions.get(plan.action);
  if (action === undefined || hitsOwnPart(plan, action, inventory)) return { reason: 'own_part' };
  if (approval?.kind === 'denied') return { reason: 'denied' };
  if (isPaused(pause, nowMs)) return { reason: 'paused', detail: describePause(pause) };
  const freeze = freezeByClock(freezesOf(inventory.freezes, policy.name), nowMs);
  if (freeze !== undefined) return { reason: 'frozen', detail: freeze };
  const actsOnSame = actingOnSame(plan, action, inventory);
  const joined = runToJoin({ ...run, fingerprint }, policy, plan, actsOnSame, history, nowMs);
  if (joined !== undefined) return { reason: 'joined', detail: joined };
  const tooOften = frequencyReason(policy, plan, actsOnSame, history, nowMs);
  if (tooOften !== undefined) return tooOften;
  const before = policyToWaitFor(run, policy, plan, openRuns, inventory, actions);
  if (before !== undefined) return { reason: 'waits_for_policy', detail: before };
  // A person who approves a plan has seen what else is wrong.
  const isAsked = policy.mode !== 'observe' && !actsByItself(policy, history, plan, nowMs);
  const untilMs = isAsked ? undefined : massFailureUntilMs(input);
  return untilMs === undefined
    ? undefined
    : { reason: 'mass_failure', detail: `until ${new Date(untilMs).toISOString()} at the latest` };
}
