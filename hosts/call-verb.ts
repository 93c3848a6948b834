import type { Command, Host, Outcome } from './host.ts';
import { checkedSlot, verbs, type Role, type VerbName } from './verbs.ts';

/** A verb with its slots, to be sent to a host. */
export interface VerbCall {
  readonly verb: VerbName;
  readonly slots?: readonly string[];
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal;
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
  const { role, slots: expected } = verbs[call.verb];
  const slots = (call.slots ?? []).map(checkedSlot);
  if (slots.length !== expected.length) {
    throw new TypeError(`${call.verb} takes ${expected.length} slots, not ${slots.length}`);
  }
  return host.run({
    ...commandOptions(call),
    argv: argvOf(host, role, [call.verb, ...slots], call.timeoutSeconds),
  });
}

/** What the dispatcher on the machine itself is told to kill, too, when the time is over: this account could not. */
function argvOf(
  host: Host,
  role: Role,
  words: [string, ...string[]],
  timeoutSeconds: number,
): [string, ...string[]] {
  if (host.kind === 'ssh') return words;
  const limit = ['timeout', '--kill-after=5', String(Math.ceil(timeoutSeconds))];
  return ['sudo', '-n', dispatcherPath(host.user), role, ...limit, ...words];
}

function commandOptions({ timeoutSeconds, signal, outputLimitBytes }: VerbCall): Omit<Command, 'argv'> {
  return {
    timeoutSeconds,
    ...(signal === undefined ? {} : { signal }),
    ...(outputLimitBytes === undefined ? {} : { outputLimitBytes }),
  };
}
