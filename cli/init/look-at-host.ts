import { discover } from '../../hosts/discover/discover.ts';
import type { DiscoveryRecords } from '../../hosts/discover/records.ts';
import { HostError } from '../../hosts/host.ts';
import { openOperatorHost } from '../../hosts/open-operator-host.ts';
import { CommandError, type Terminal } from '../command.ts';
import { addressFromHere } from '../from-here.ts';
import { acceptHostKey } from './accept-host-key.ts';
import type { WantedHost } from './host-flag.ts';
import { printable } from './printable.ts';
import type { OperatorLogin } from './operator-login.ts';

/** A host after the look at it; without records where it could not be looked at. */
export interface SeenHost {
  readonly host: WantedHost;
  /** Its key, accepted; undefined where it could not be reached at all. */
  readonly hostKey: string | undefined;
  readonly records: DiscoveryRecords | undefined;
}

/** How to look. */
interface LookOptions {
  readonly expectedKey: string | undefined;
  readonly login: () => Promise<OperatorLogin>;
  /** Goes on without a host that cannot be looked at, without asking. */
  readonly goesOn: boolean;
}

/**
 * Looks at a host. Where that cannot be done, it says why and asks whether to go on without; rejects with a CommandError where that
 * is not wanted.
 */
export async function lookAtHost(
  host: WantedHost,
  { expectedKey, login, goesOn }: LookOptions,
  terminal: Terminal,
): Promise<SeenHost> {
  let hostKey: string | undefined;
  try {
    hostKey = await acceptHostKey(host, expectedKey, terminal);
    terminal.progress(`looking at ${host.id}, which takes up to four minutes`);
    return { host, hostKey, records: await discoverOn(host, hostKey, await login()) };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    terminal.progress('');
    terminal.say(printable(`${host.id} cannot be looked at: ${reasonOf(error, host)}`));
    if (!goesOn) await confirm(host.id, terminal);
    return { host, hostKey: hostKey ?? expectedKey, records: undefined };
  } finally {
    terminal.progress('');
  }
}

async function discoverOn(host: WantedHost, hostKeyFingerprint: string, login: OperatorLogin) {
  const { address, port, user } = host;
  const at = await addressFromHere(address);
  const opened = openOperatorHost(host.id, { host: at, port, user, hostKeyFingerprint, ...login });
  try {
    return await discover(opened);
  } finally {
    await opened.close();
  }
}

function reasonOf({ code, message }: HostError, { user, address, port }: WantedHost): string {
  if (code === 'authentication_failed')
    return `${user}@${address}:${port} does not take your key: name another with --key or another account in --host, or add the key to its ~/.ssh/authorized_keys`;
  return code === 'unreachable' || code === 'timed_out'
    ? `${message}: check address, port and firewall`
    : message;
}

async function confirm(id: string, { ask }: Terminal): Promise<void> {
  const answer = await ask(`Go on, and write ${id} without what runs there? [y/N] `);
  if (answer === undefined)
    throw new CommandError(
      'nothing was written: mend that, or give --yes to write it without what runs there',
    );
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('nothing was written');
}
