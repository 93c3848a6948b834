import { isDeepStrictEqual } from 'node:util';
import { allMatch, parseMatcher } from '../../inventory/matcher.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Policy } from '../../inventory/schema/policy.ts';
import type { Action } from '../actions/action.ts';
import type { Alert } from '../alert.ts';
import type { Plan, Reason } from '../run/run.ts';
import type { PastAction } from '../store/journal.ts';
import { isPaused, type Pause } from '../pause.ts';
import { isApproved, type Approval } from './approval.ts';
import { isMassFailure } from './mass-failure.ts';
import { resolveParameters } from './parameters.ts';
import { resolveTarget } from './target.ts';

/** What the decision is made from; nothing else counts. */
export interface DecisionInput {
  readonly alert: Alert;
  readonly inventory: Inventory;
  readonly actions: ReadonlyMap<string, Action>;
  /** The actions of the past, back to the longest cooldown or limit window. */
  readonly history: readonly PastAction[];
  /** The newest pause, over or not. */
  readonly pause?: Pause | undefined;
  /** The hosts that alerts of the last minutes, as mass-failure.ts counts them, were planned for. */
  readonly troubledHosts?: readonly string[];
  /** What a person said to this run, where somebody did. */
  readonly approval?: Approval | undefined;
  readonly nowMs: number;
}

/** To act by a plan, or not to, with the reason. Where a policy matched, its plan is told also when nothing is done. */
export type Decision =
  | { readonly kind: 'act'; readonly plan: Plan; readonly policy: Policy }
  | { readonly kind: 'stop'; readonly reason: Reason; readonly plan?: Plan };

/** Decides what to do about an alert: the first policy whose matchers all fit counts. A pure function. */
export function decide(input: DecisionInput): Decision {
  const { alert, inventory, actions } = input;
  if (alert.status === 'resolved') return { kind: 'stop', reason: 'alert_resolved' };
  const policy = inventory.policies.find(({ match }) => allMatch(match.map(parseMatcher), alert.labels));
  const action = policy && actions.get(policy.action);
  if (policy === undefined || action === undefined) return { kind: 'stop', reason: 'no_policy' };
  const target = resolveTarget(alert, inventory, action.target);
  if ('reason' in target) return { kind: 'stop', reason: target.reason };
  const parameters = resolveParameters(policy, action, alert, inventory.hosts[target.host]);
  if (parameters === undefined) return { kind: 'stop', reason: 'parameter_not_allowed' };
  const plan: Plan = {
    policy: policy.name,
    action: action.name,
    target: target.id,
    host: target.host,
    parameters,
  };
  const reason = reasonAgainst(policy, plan, input);
  return reason === undefined ? { kind: 'act', plan, policy } : { kind: 'stop', reason, plan };
}

function reasonAgainst(
  policy: Policy,
  plan: Plan,
  { approval, pause, troubledHosts = [], history, nowMs }: DecisionInput,
): Reason | undefined {
  const answer = answerReason(policy, plan, approval, nowMs);
  if (answer !== undefined) return answer;
  if (isPaused(pause, nowMs)) return 'paused';
  // A person who approves a plan has seen what else is wrong.
  if (policy.mode === 'auto' && isMassFailure(troubledHosts, plan.host)) return 'mass_failure';
  return breakerReason(policy, plan, history, nowMs) ?? frequencyReason(policy, plan, history, nowMs);
}

/** What could not even be started says nothing about the action. */
function breakerReason(
  { breaker }: Policy,
  plan: Plan,
  history: readonly PastAction[],
  nowMs: number,
): Reason | undefined {
  const failures = history.filter(
    (past) =>
      isSamePlan(past, plan) &&
      nowMs - past.atMs < breaker.windowMs &&
      (past.outcome === 'failed' || past.outcome === 'rolled_back') &&
      past.reason !== 'not_started',
  );
  return failures.length >= breaker.runs ? 'breaker_open' : undefined;
}

function answerReason(
  { mode }: Policy,
  plan: Plan,
  approval: Approval | undefined,
  nowMs: number,
): Reason | undefined {
  if (approval?.kind === 'denied') return 'denied';
  if (mode === 'auto' || (mode !== 'observe' && isApproved(plan, approval, nowMs))) return undefined;
  return mode === 'observe' ? 'mode_observe' : 'mode_needs_approval';
}

function frequencyReason(
  { cooldown, limit }: Policy,
  plan: Plan,
  history: readonly PastAction[],
  nowMs: number,
): Reason | undefined {
  const mine = history.filter((past) => isSamePlan(past, plan));
  if (mine.some(({ atMs }) => nowMs - atMs < cooldown)) return 'cooldown';
  return mine.filter(({ atMs }) => nowMs - atMs < limit.windowMs).length >= limit.runs ? 'limit' : undefined;
}

/** Two services of one host are two plans: the restart of one does not hold up that of the other. */
function isSamePlan(past: PastAction, { policy, target, parameters }: Plan): boolean {
  return past.policy === policy && past.target === target && isDeepStrictEqual(past.parameters, parameters);
}
