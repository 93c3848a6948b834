import { removeScript } from '../../hosts/harden/remove-script.ts';
import type { Command } from '../command.ts';
import { hostNamed, loadGood } from '../load.ts';

/** Prints the script that takes everything away from a host again. */
export const hostRemove: Command = {
  name: 'host remove',
  parameters: ['<host>'],
  options: [],
  summary: 'print the script that takes away what `steward host harden` put on a host',
  async run({ words: [id = ''], configFile }, { print, hint }) {
    const loaded = await loadGood(configFile);
    hostNamed(loaded, id);
    print(removeScript(loaded.inventory, id));
    hint(`run it as root on ${id}`);
    return 0;
  },
};
