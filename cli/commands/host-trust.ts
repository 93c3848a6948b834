import { readFile } from 'node:fs/promises';
import { fetchHostKey, type ShownHostKey } from '../../hosts/ssh/fetch-host-key.ts';
import { addressFromHere } from '../from-here.ts';
import { withHostKey } from '../host-key-edit.ts';
import { CommandError, type Command, type Terminal } from '../command.ts';
import { hostNamed, loadGood } from '../load.ts';
import { replaceFile } from '../replace-file.ts';

/** Shows the host key of a host and, once confirmed, pins it in steward.yml. */
export const hostTrust: Command = {
  name: 'host trust',
  parameters: ['<host>'],
  options: ['yes'],
  summary: "show a host's key and, once you confirm, pin it in steward.yml",
  async run({ words: [id = ''], configFile, isYes }, terminal) {
    const entry = hostNamed(await loadGood(configFile), id);
    if (entry.address === undefined)
      throw new CommandError(`${id} is this machine itself: it has no host key to trust`);
    const shown = await fetchHostKey(await addressFromHere(entry.address), entry.port);
    terminal.print(
      `${id} (${entry.address}:${entry.port}) shows a key of type ${shown.type}:\n  ${shown.fingerprint}\n`,
    );
    if (entry.host_key === shown.fingerprint) {
      terminal.print('It is the one that steward.yml pins.\n');
      return 0;
    }
    if (entry.host_key !== undefined) {
      terminal.say(
        `warning: steward.yml pins another one, ${entry.host_key}: if you did not change it, somebody may be in between`,
      );
    }
    terminal.say(`On ${id}, this prints the one to compare with: ssh-keygen -lf ${publicKeyFile(shown)}`);
    if (!isYes) await confirm(terminal);
    const text = await readFile(configFile, 'utf8');
    await replaceFile(configFile, withHostKey(text, id, shown.fingerprint));
    terminal.print(`${configFile} now pins it.\n`);
    return 0;
  },
};

/** Where OpenSSH keeps the public half of a host key of that type. */
function publicKeyFile({ type }: ShownHostKey): string {
  const name = /ed25519|ecdsa|rsa/.exec(type)?.[0] ?? '*';
  return `/etc/ssh/ssh_host_${name}_key.pub`;
}

async function confirm({ ask }: Terminal): Promise<void> {
  const answer = await ask('Is it the same? [y/N] ');
  if (answer === undefined)
    throw new CommandError(
      'nothing was written, since nobody is here to confirm it: run this in a terminal, or with --yes',
    );
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('nothing was written');
}
