import type { SentVerb } from '../../hosts/verbs.ts';
import type { CustomParameter } from '../../inventory/schema/action.ts';
import type { Reason } from '../run/run.ts';

/** The sets that a parameter may be in. */
export type ClosedSet = 'services-of-host' | 'logs-of-site' | 'plugins-of-site';

/** What a parameter of an action may be; the value is looked up, never trusted. */
export type ParameterType =
  | {
      /** The closed set that the value must be in: steward.yml names services and logs, and the host itself knows the plugins. */
      readonly memberOf: ClosedSet;
    }
  | {
      /** What an action takes that has no closed set. Where it goes to a host, that checks it again. */
      readonly fits: CustomParameter;
    }
  | {
      /** What steward.yml says of the target: no policy names it. */
      readonly saidOf: 'service-of-bot';
    };

/** A slot of a verb: the target, the run, or a parameter of the action by its name. */
export type SlotSource =
  { readonly from: 'target' } | { readonly from: 'run' } | { readonly parameter: string };

/** What every step may say. */
interface AnyStep {
  /** It ends what an earlier step began: neither a pause nor the end of the alert holds it back. */
  readonly completes?: true;
}

/** A step that sends a verb to the host. */
export interface CommandStep extends AnyStep {
  readonly kind: 'command';
  readonly verb: SentVerb;
  readonly slots: readonly SlotSource[];
  readonly timeoutSeconds: number;
}

/**
 * What a bot can be told by its API. Each may be said twice, with no more effect than once. `resume-entries` takes back `stop-entries`, and leaves a bot
 * alone that was stopped since; `start` has it trade in any case.
 */
export type BotCall = 'stop-entries' | 'resume-entries' | 'start' | 'reload';

/** A step that tells a bot something by its API. */
export interface HttpStep extends AnyStep {
  readonly kind: 'http';
  readonly call: BotCall;
  readonly timeoutSeconds: number;
}

/** What can be waited for: that no trade is open, or that the bot's API says it has started. */
export type BotCondition = 'is-flat' | 'is-ready';

/** A step that waits, hours if need be. It holds no host meanwhile, and survives a restart of the remediator. */
export interface WaitStep extends AnyStep {
  readonly kind: 'wait';
  readonly until: BotCondition;
  /** How long at the most: seconds, or the parameter of the action that says how many hours. */
  readonly within: { readonly seconds: number } | { readonly hours: string };
  /** What is seen sooner does not count: what was under way when the wait began may still come in. */
  readonly notBeforeSeconds: number;
  /** What the run ends with where that does not come in time, and whether the action's undo is run then. */
  readonly otherwise: { readonly reason: Reason; readonly isUndone: boolean };
}

/** A step of an action. */
export type Step = CommandStep | HttpStep | WaitStep;

/** What puts back what an action did. */
export type UndoStep = CommandStep | HttpStep;

/** When a fix counts as harm: the first query held before it, and the second holds after it. */
export interface HarmCheck {
  readonly healthy: string;
  readonly harmed: string;
}

/** An action is data: what it is about, what is sent, and how it is undone. One runner executes all of them. */
export interface Action {
  /** As policies name it. */
  readonly name: string;
  /** One sentence for the operator. */
  readonly summary: string;
  /** What the alert's `instance` must be the id of. */
  readonly target: 'site' | 'host' | 'bot';
  readonly parameters: Readonly<Record<string, ParameterType>>;
  /** What it really acts on, where several targets share that: one run is for all of them, and cooldown, limit and breaker count them together. */
  readonly sharedOn?: 'php-fpm-of-site';
  /** In the order in which they are taken. */
  readonly steps: readonly [CommandStep | HttpStep, ...Step[]];
  /** What must be so of a bot before anything is begun. */
  readonly needs?: 'bot-trades' | 'bot-answers';
  /** Whether a second run does no harm where nobody knows what the first one did. */
  readonly idempotent: boolean;
  /** Collectors of the exporter that are to read again before the verification, for the target. */
  readonly refresh: readonly string[];
  readonly harm?: HarmCheck;
  /** Runs on harm, and where the run is given up between two steps. It may run twice, so it must be idempotent. */
  readonly undo?: UndoStep;
  /** Runs `undo` also where the fix could not be proved: what takes something away from the site is not left without a reason. */
  readonly isUndoneUnlessProved?: true;
}
