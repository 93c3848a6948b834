import { readFile } from 'node:fs/promises';
import { hardenScript } from '../../hosts/harden/harden-script.ts';
import { publicKeyOf } from '../../hosts/ssh/keys.ts';
import type { LoadedInventory } from '../../inventory/load.ts';
import { formatProblem } from '../../inventory/problem.ts';
import { actVerbsOf } from '../../remediator/actions.ts';
import { checkPolicies } from '../../remediator/checks/check-policies.ts';
import { CommandError, type Command } from '../command.ts';
import { hostNamed, loadGood } from '../load.ts';
import { keyFileOf } from '../secret-files.ts';

/** Prints the script that root runs once on a host. */
export const hostHarden: Command = {
  name: 'host harden',
  parameters: ['<host>'],
  options: [],
  summary: 'print the script that root runs on a host: account, keys, dispatcher, sudo rule',
  async run({ words: [id = ''], configFile }, { print, hint }) {
    const loaded = await loadGood(configFile);
    const problems = checkPolicies(loaded);
    if (problems.length > 0) throw new CommandError(problems.map(formatProblem).join('\n'));
    hostNamed(loaded, id);
    const keys = {
      readPublicKey: await publicKey(loaded, id, 'read'),
      actPublicKey: await publicKey(loaded, id, 'act'),
    };
    print(await hardenScript(loaded.inventory, id, keys, actVerbsOf(loaded.inventory)));
    hint(`read it, then run it as root on ${id}; run it again after each change of steward.yml`);
    return 0;
  },
};

async function publicKey(loaded: LoadedInventory, id: string, role: 'read' | 'act'): Promise<string> {
  const path = loaded.resolveFile(keyFileOf(loaded.inventory, id, role));
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`the key ${path} cannot be read; \`steward secrets\` makes it`, { cause });
  });
  try {
    return publicKeyOf(text);
  } catch (cause) {
    throw new CommandError(`${path} holds no private key without a passphrase`, { cause });
  }
}
