import type { Alert } from '../alerts/alert.ts';

/** How a run ended; every alert ends in exactly one of them. `blocked` and `awaiting_approval` stay open while the alert fires. */
export type RunOutcome =
  | 'verified'
  | 'failed'
  | 'rolled_back'
  | 'blocked'
  | 'awaiting_approval'
  | 'expired'
  | 'denied'
  | 'no_policy';

/** Why a run did not act, or how it ended: the same word in the journal, the log, the metrics and the API. */
export type Reason =
  | 'no_policy'
  | 'empty_target'
  | 'unknown_target'
  | 'wrong_kind_of_target'
  | 'bot_of_other_kind'
  | 'parameter_not_allowed'
  | 'own_part'
  | 'escalated'
  | 'mode_observe'
  | 'mode_needs_approval'
  | 'denied'
  | 'paused'
  | 'frozen'
  | 'mass_failure'
  | 'waits_for_policy'
  | 'joined'
  | 'breaker_open'
  | 'cooldown'
  | 'limit'
  | 'host_busy'
  | 'not_corroborated'
  | 'prometheus_unreachable'
  | 'no_verification'
  | 'guard_failed'
  | 'alert_resolved'
  | 'bot_unreachable'
  | 'bot_not_trading'
  | 'not_started'
  | 'configuration_broken'
  | 'action_failed'
  | 'not_verified'
  | 'trades_open'
  | 'held_back'
  | 'bot_not_ready'
  | 'harm_undone'
  | 'not_healed_undone'
  | 'harm_not_undone'
  | 'undo_failed'
  | 'verified';

/** Where a run stands. One that rests is between two of its steps, and holds no host. */
export type RunState = 'waiting' | 'resting' | 'acting' | 'verifying' | 'undoing' | 'closed';

/** The kinds of events that a run is made of, in the order in which they come. */
export type EventKind =
  | 'received'
  | 'matched'
  | 'blocked'
  | 'approved'
  | 'denied'
  | 'would'
  | 'corroborated'
  | 'guarded'
  | 'locked'
  | 'acting'
  | 'silenced'
  | 'acted'
  | 'resting'
  | 'waited'
  | 'step'
  | 'settling'
  | 'verifying'
  | 'verified'
  | 'undoing'
  | 'undone'
  | 'finished';

/** One thing that happened in a run. */
export interface RunEvent {
  readonly at: string;
  readonly kind: EventKind;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a policy would do about an alert, all looked up: a plan that a run keeps to its end. */
export interface Plan {
  readonly policy: string;
  /** What stands for the text of the policy, as policy-revision.ts makes it. */
  readonly revision: string;
  /** Which of the policy's steps it is: 0 is its own action, 1 the first of `then`. */
  readonly stage: number;
  readonly action: string;
  /** The id of the entry in steward.yml that the alert is about. */
  readonly target: string;
  /** The host that the action runs on. */
  readonly host: string;
  /** Checked values, by the names of the action's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A run: one policy's answer to one episode of an alert. */
export interface Run {
  readonly id: string;
  readonly alert: Alert;
  readonly attempt: number;
  /** Undefined where no policy matched, or the target could not be found. */
  readonly plan: Plan | undefined;
  readonly state: RunState;
  readonly outcome: RunOutcome | undefined;
  readonly reason: Reason | undefined;
  readonly createdAt: string;
  /** When the command was started, in milliseconds since the epoch; undefined where it never was. */
  readonly actedAtMs: number | undefined;
  readonly events: readonly RunEvent[];
}
