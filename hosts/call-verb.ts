import type { Command, Host, Outcome } from './host.ts';
import { endedByTimeout, KILL_AFTER_SECONDS, timedOutReason, underTimeout } from './time-limit.ts';
import { checkedSlot, isCustomVerb, verbs, type Role, type SentVerb } from './verbs.ts';

/** A verb with its slots, to be sent to a host. */
export interface VerbCall {
  readonly verb: SentVerb;
  readonly slots?: readonly string[];
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal;
  readonly mayStart?: () => boolean;
  readonly outputLimitBytes?: number;
}

/** The path of the dispatcher that `steward host harden` puts on a host for an account. */
export function dispatcherPath(user: string): string {
  return `/usr/local/lib/${user}/dispatch`;
}

/**
 * Sends a verb to a host. Over SSH the key's forced command hands it to the dispatcher; on the machine that Steward runs on,
 * sudo does. Throws a TypeError where the number of slots is wrong or one is not a plain word: nothing is sent then.
 */
export async function callVerb(host: Host, call: VerbCall): Promise<Outcome> {
  const slots = (call.slots ?? []).map(checkedSlot);
  const expected = isCustomVerb(call.verb) ? slots.length : verbs[call.verb].slots.length;
  const role = isCustomVerb(call.verb) ? 'act' : verbs[call.verb].role;
  if (slots.length !== expected) {
    throw new TypeError(`${call.verb} takes ${expected} slots, not ${slots.length}`);
  }
  const words: [string, ...string[]] = [call.verb, ...slots];
  return host.kind === 'ssh'
    ? host.run({ ...commandOptions(call), argv: words })
    : callLocally(host, role, words, call);
}

/**
 * What runs as root cannot be ended by this account: the dispatcher is told the limit, too, and is given time to keep it.
 */
async function callLocally(
  host: Host,
  role: Role,
  words: [string, ...string[]],
  call: VerbCall,
): Promise<Outcome> {
  const outcome = await host.run({
    ...commandOptions(call),
    argv: ['sudo', '-n', dispatcherPath(host.user), role, ...underTimeout(words, call.timeoutSeconds)],
    timeoutSeconds: call.timeoutSeconds + KILL_AFTER_SECONDS + 1,
  });
  if (outcome.kind !== 'failed' || !endedByTimeout(outcome.exitCode ?? 0)) return outcome;
  const { stdout, stderr, truncated } = outcome;
  return { kind: 'unknown', reason: timedOutReason(call.timeoutSeconds), stdout, stderr, truncated };
}

function commandOptions({
  timeoutSeconds,
  signal,
  mayStart,
  outputLimitBytes,
}: VerbCall): Omit<Command, 'argv'> {
  return {
    timeoutSeconds,
    ...(signal === undefined ? {} : { signal }),
    ...(mayStart === undefined ? {} : { mayStart }),
    ...(outputLimitBytes === undefined ? {} : { outputLimitBytes }),
  };
}
