import { readFile } from 'node:fs/promises';
import { fetchHostKey } from '../../hosts/ssh/fetch-host-key.ts';
import { withHostKey } from '../host-key-edit.ts';
import { CommandError, type Command } from '../command.ts';
import { hostNamed, loadGood } from '../load.ts';
import { replaceFile } from '../replace-file.ts';

/** Shows the host key of a host and, once confirmed, pins it in steward.yml. */
export const hostTrust: Command = {
  name: 'host trust',
  parameters: ['<host>'],
  summary: "show a host's key and, once you confirm, pin it in steward.yml",
  async run({ words: [id = ''], configFile, isYes }, { print, say, ask }) {
    const entry = hostNamed(await loadGood(configFile), id);
    if (entry.address === undefined)
      throw new CommandError(`${id} is this machine itself: it has no host key to trust`);
    const { fingerprint, type } = await fetchHostKey(entry.address, entry.port);
    print(`${id} (${entry.address}:${entry.port}) shows a key of type ${type}:\n  ${fingerprint}\n`);
    if (entry.host_key === fingerprint) {
      print('It is the one that steward.yml pins.\n');
      return 0;
    }
    if (entry.host_key !== undefined) {
      say(
        `warning: steward.yml pins another one, ${entry.host_key}: if you did not change it, somebody may be in between`,
      );
    }
    say(
      `on ${id}, this prints the fingerprints to compare with: cat /etc/ssh/ssh_host_*_key.pub | ssh-keygen -lf -`,
    );
    const answer = isYes ? 'y' : await ask('Is it the same? [y/N] ');
    if (answer === undefined)
      throw new CommandError('nobody is here to confirm it: run this in a terminal, or with --yes');
    if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('nothing was written');
    const text = await readFile(configFile, 'utf8');
    await replaceFile(configFile, withHostKey(text, id, fingerprint));
    print(`${configFile} now pins it.\n`);
    return 0;
  },
};
