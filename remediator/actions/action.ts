import type { SentVerb } from '../../hosts/verbs.ts';
import type { CustomParameter } from '../../inventory/schema/action.ts';

/** The sets that a parameter may be in. */
export type ClosedSet = 'services-of-host' | 'logs-of-site' | 'plugins-of-site';

/** What a parameter of an action may be; the value is looked up, never trusted. */
export type ParameterType =
  | {
      /** The closed set that the value must be in: steward.yml names services and logs, and the host itself knows the plugins. */
      readonly memberOf: ClosedSet;
    }
  | {
      /** What an action of steward.yml takes. The host checks it again. */
      readonly fits: CustomParameter;
    };

/** A slot of a verb: the target, the run, or a parameter of the action by its name. */
export type SlotSource =
  { readonly from: 'target' } | { readonly from: 'run' } | { readonly parameter: string };

/** A step that sends a verb to the host. */
export interface CommandStep {
  readonly kind: 'command';
  readonly verb: SentVerb;
  readonly slots: readonly SlotSource[];
  readonly timeoutSeconds: number;
}

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
  readonly target: 'site' | 'host';
  readonly parameters: Readonly<Record<string, ParameterType>>;
  readonly step: CommandStep;
  /** Whether a second run does no harm where nobody knows what the first one did. */
  readonly idempotent: boolean;
  /** Collectors of the exporter that are to read again before the verification, for the target. */
  readonly refresh: readonly string[];
  readonly harm?: HarmCheck;
  /** Runs on harm. It may run twice, so it must be idempotent. */
  readonly undo?: CommandStep;
  /** Runs `undo` also where the fix could not be proved: what takes something away from the site is not left without a reason. */
  readonly isUndoneUnlessProved?: true;
}
