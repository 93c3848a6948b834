import { posix } from 'node:path';
import { logsOf, type WatchedLog } from '../../inventory/logs.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { quoteWord } from '../quote.ts';

/** Writes the part of a dispatcher that says which logs may be read: those that steward.yml names, and no other. */
export function logTable(inventory: Inventory, hostId: string): string {
  const owners = Object.entries({ ...inventory.sites, ...inventory.bots })
    .filter(([, entry]) => entry.host === hostId)
    .map(([id, entry]) => ({ id, logs: logsOf(entry) }));
  const counts = owners.map(({ id, logs }) => `    ${id}) log_count=${logs.length} ;;\n`);
  const cases = owners.flatMap(({ id, logs }) =>
    logs.map((log, number) => `    '${id} ${number}') ${assignments(log)} ;;\n`),
  );
  const named = owners.flatMap(({ id, logs }) =>
    logs.map(
      ({ name, format }, number) =>
        `    '${id} ${name}') log_writer=${writerOf(format)}; select_log ${id} ${number} ;;\n`,
    ),
  );
  return `# The logs on this host that may be read: how many of each site and bot, and which.
select_log_owner() {
  log_count=0
  case $1 in
${counts.join('')}    *) refuse 'no such site or bot' ;;
  esac
}
select_log() {
  folder='' base='' log_key=''
  case "$1 $2" in
${cases.join('')}    *) return 1 ;;
  esac
}
# By its name: the value of the label \`log\`.
select_named_log() {
  log_writer=''
  case "$1 $2" in
${named.join('')}    *) return 1 ;;
  esac
}
`;
}

/** PHP opens its own log for each message; programs keep theirs open. */
function writerOf(format: WatchedLog['format']): 'php' | 'program' {
  return format === 'wordpress-debug' || format === 'php-error' ? 'php' : 'program';
}

function assignments({ file, key }: WatchedLog): string {
  return `folder=${quoteWord(posix.dirname(file))} base=${quoteWord(posix.basename(file))} log_key=${key}`;
}
