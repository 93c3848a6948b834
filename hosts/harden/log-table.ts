import { posix } from 'node:path';
import { logsOf } from '../../inventory/logs.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { quoteWord } from '../quote.ts';

/** Writes the part of a dispatcher that says which logs may be read: those that steward.yml names, and no other. */
export function logTable(inventory: Inventory, hostId: string): string {
  const owners = Object.entries({ ...inventory.sites, ...inventory.bots })
    .filter(([, entry]) => entry.host === hostId)
    .map(([id, entry]) => ({ id, files: logsOf(entry).map(({ file }) => file) }));
  const counts = owners.map(({ id, files }) => `    ${id}) log_count=${files.length} ;;\n`);
  const cases = owners.flatMap(({ id, files }) =>
    files.map((file, number) => `    '${id} ${number}') ${assignments(file)} ;;\n`),
  );
  return `# The logs on this host that may be read: how many of each site and bot, and which.
select_log_owner() {
  log_count=0
  case $1 in
${counts.join('')}    *) refuse 'no such site or bot' ;;
  esac
}
select_log() {
  folder='' base=''
  case "$1 $2" in
${cases.join('')}    *) return 1 ;;
  esac
}
`;
}

function assignments(file: string): string {
  return `folder=${quoteWord(posix.dirname(file))} base=${quoteWord(posix.basename(file))}`;
}
