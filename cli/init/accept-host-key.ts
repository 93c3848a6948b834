import { fetchHostKey } from '../../hosts/ssh/fetch-host-key.ts';
import { CommandError, type Terminal } from '../command.ts';
import { addressFromHere } from '../from-here.ts';
import type { WantedHost } from './host-flag.ts';

/** Reads what stands after each `--host-key`: by host, or one for the only host. Throws a CommandError that says how it is written. */
export function readHostKeys(
  flags: readonly string[],
  hosts: readonly WantedHost[],
): ReadonlyMap<string, string> {
  return new Map(
    flags.map((text) => {
      const [, id = hosts.length === 1 ? hosts[0]?.id : undefined, key] =
        /^(?:([^=:]+)=)?(SHA256:[A-Za-z0-9+/]{43})$/.exec(text) ?? [];
      if (key === undefined || id === undefined || hosts.every((host) => host.id !== id))
        throw new CommandError(
          `--host-key ${JSON.stringify(text)}: write it as web1=SHA256:..., with the name that a --host gives`,
        );
      return [id, key];
    }),
  );
}

/**
 * Asks a host for its key, and returns the fingerprint once it is the one of `expected` or a person says that it is right. Rejects with a
 * CommandError where neither is so, and with a HostError where the host cannot be reached.
 */
export async function acceptHostKey(
  { id, address, port }: WantedHost,
  expected: string | undefined,
  { say, ask }: Terminal,
): Promise<string> {
  const { type, fingerprint } = await fetchHostKey(await addressFromHere(address), port);
  if (expected === fingerprint) return fingerprint;
  if (expected !== undefined)
    throw new CommandError(
      `${id} (${address}:${port}) shows the key ${fingerprint}, and not ${expected} of --host-key: nothing was sent or written; somebody may be in between`,
    );
  say(`${id} (${address}:${port}) shows a key of type ${type}:\n  ${fingerprint}`);
  say(
    'On the server, this prints the ones to compare with: for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done',
  );
  const answer = await ask('Is it among them? [y/N] ');
  if (answer === undefined)
    throw new CommandError(
      `nothing was written, since nobody is here to confirm that key: if it is right, give --host-key ${id}=${fingerprint}`,
    );
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('nothing was sent or written');
  return fingerprint;
}
