import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inventorySchema, type Inventory } from '../../inventory/schema/inventory.ts';
import { CommandError, type Command } from '../command.ts';
import { loadGood } from '../load.ts';

const SHIPPED = new URL('../../prometheus/rules/', import.meta.url);
/** What can stand in YAML and in a template of Prometheus without being anything but text. */
const PLAIN_URL = /^https?:\/\/[\w.:/~%@[\]-]+$/;

/** Writes the alert rules with the addresses of the operator in their links. */
export const rules: Command = {
  name: 'rules',
  parameters: ['<folder>'],
  options: [],
  summary:
    'write the alert rules into a folder, with the external_url of remediator and grafana in their links',
  async run({ words: [folder = ''], configFile }, { print, say }) {
    const { inventory } = await loadGood(configFile);
    const target = resolve(folder);
    if (target === resolve(fileURLToPath(SHIPPED)))
      throw new CommandError('the rules that ship stay as they are; name another folder, such as data/rules');
    const withLinks = linker(inventory);
    await mkdir(target, { recursive: true });
    for (const name of (await readdir(SHIPPED)).toSorted()) {
      const text = await readFile(new URL(name, SHIPPED), 'utf8');
      const file = join(target, name);
      await writeFile(file, withLinks(text));
      print(`${file}\n`);
    }
    say('let Prometheus read them: rule_files names them, and SIGHUP or a restart has it look again');
    return 0;
  },
};

/** What turns the links of a file of rules into those of where people open Grafana and the remediator. */
function linker(inventory: Inventory): (text: string) => string {
  const own = addressesIn(inventory);
  const shipped = addressesIn(inventorySchema.parse({})).map((address) => `${address}/`);
  const links = new RegExp(shipped.map((address) => RegExp.escape(address)).join('|'), 'g');
  return (text) => text.replace(links, (address) => `${own[shipped.indexOf(address)] ?? ''}/`);
}

function addressesIn({ remediator, grafana }: Pick<Inventory, 'remediator' | 'grafana'>): string[] {
  return Object.entries({ remediator, grafana }).map(([name, { external_url: url }]) => {
    const address = url.replace(/\/+$/, '');
    if (PLAIN_URL.test(address)) return address;
    throw new CommandError(
      `${name}.external_url cannot stand in a rule: ${address}; write it with letters, digits and . : / ~ % @ - alone`,
    );
  });
}
