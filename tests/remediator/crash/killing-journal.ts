import type { Journal } from '../../../remediator/store/journal.ts';
import { openPostgresJournal as openPostgres } from '../../../remediator/store/postgres-journal.ts';
import { openSqliteJournal as openSqlite } from '../../../remediator/store/sqlite-journal.ts';
import { atPoint } from './kill-point.ts';

/** The calls that write, each one transition that is persisted. That people were told is another kind of point. */
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

/** In the place of the product's own. A journal of another kind has one line like this, and one in kill-at-point.ts. */
export const openSqliteJournal: typeof openSqlite = async (...args) =>
  endingItsProcess(await openSqlite(...args));

/** Each write is a point that this process may be killed at. */
function endingItsProcess(journal: Journal): Journal {
  const methods = journal as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  return new Proxy(journal, {
    get(_target, property) {
      const name = String(property);
      if (!(name in methods)) return undefined;
      const call = (...args: unknown[]) => methods[name]?.(...args);
      if (!writes.has(name)) return call;
      return (...args: unknown[]) => atPoint('write', name, async () => call(...args));
    },
  });
}
