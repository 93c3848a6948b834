import { appendFileSync } from 'node:fs';
import type { Journal } from '../../../remediator/store/journal.ts';
import { openPostgresJournal as openPostgres } from '../../../remediator/store/postgres-journal.ts';
import { openSqliteJournal as openSqlite } from '../../../remediator/store/sqlite-journal.ts';

/** The calls that write, each one transition that is persisted. */
const writes: ReadonlySet<string> = new Set<keyof Journal>([
  'accept',
  'append',
  'claimStart',
  'reclaim',
  'openNextAttempt',
  'closeAndOpenNext',
  'answer',
]);

/** In the place of the product's own. */
export const openPostgresJournal: typeof openPostgres = async (...args) =>
  endingItsProcess(await openPostgres(...args));

/** In the place of the product's own. A journal of another kind has one line like this, and one in kill-at-commit.ts. */
export const openSqliteJournal: typeof openSqlite = async (...args) =>
  endingItsProcess(await openSqlite(...args));

/** Ends this process at the write that the environment names, before it or after its commit. Names each write in a file. */
function endingItsProcess(journal: Journal): Journal {
  const [number, moment] = (process.env['KILL_AT'] ?? '').split(' ');
  const methods = journal as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  let count = 0;
  return new Proxy(journal, {
    get(_target, property) {
      const name = String(property);
      if (!(name in methods)) return undefined;
      const call = (...args: unknown[]) => methods[name]?.(...args);
      if (!writes.has(name)) return call;
      return async (...args: unknown[]) => {
        count += 1;
        appendFileSync(process.env['WRITES_FILE'] ?? '', `${name}\n`);
        const isLast = count === Number(number);
        if (isLast && moment === 'before') end();
        const result = await call(...args);
        if (isLast) end();
        return result;
      };
    },
  });
}

/** As a lost machine: nothing that was under way is finished, and no handler runs. Or as a machine that hangs, with SIGSTOP. */
function end(): void {
  process.kill(process.pid, process.env['KILL_WITH'] ?? 'SIGKILL');
}
