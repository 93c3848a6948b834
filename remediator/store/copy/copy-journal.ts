import { createHash } from 'node:crypto';
import { postgresText } from '../postgres-text.ts';
import {
  tableNames,
  type StoredJournal,
  type StoredRow,
  type StoredTables,
  type TableName,
} from './stored-journal.ts';

/** How many rows of each table a journal has. */
export type JournalCounts = Readonly<Record<TableName, number>>;

/** Hears how many rows of a table are copied. */
export type CopyListener = (table: TableName, done: number, all: number) => void;

/**
 * Copies all of a journal, in order, into one that is empty: all or nothing. What was written is read again and compared before it is committed. Rejects
 * where the target is not empty, and where it does not hold what was read.
 */
export async function copyJournal(
  from: StoredJournal,
  to: StoredJournal,
  onProgress: CopyListener,
): Promise<JournalCounts> {
  return from.read((source) =>
    to.write(async (target) => {
      await expectEmpty(target);
      const counts: Partial<Record<TableName, number>> = {};
      for (const table of tableNames) counts[table] = await copyTable(table, source, target, onProgress);
      return counts as JournalCounts;
    }),
  );
}

async function expectEmpty(target: StoredTables): Promise<void> {
  for (const table of tableNames) {
    const count = await target.count(table);
    if (count > 0) throw new Error(`the target is not empty: it has ${count} ${table}`);
  }
}

/** Returns how many rows it has. */
async function copyTable(
  table: TableName,
  source: StoredTables,
  target: StoredTables,
  onProgress: CopyListener,
): Promise<number> {
  const all = await source.count(table);
  const read = createTally();
  for await (const rows of source.rows(table)) {
    await target.add(table, rows);
    read.add(rows);
    onProgress(table, read.count(), all);
  }
  const written = createTally();
  for await (const rows of target.rows(table)) written.add(rows);
  if (read.count() !== all || written.count() !== all || written.digest() !== read.digest())
    throw new Error(
      `${table} differ after the copy: ${all} there, ${written.count()} here; nothing was written`,
    );
  return all;
}

interface Tally {
  add(rows: readonly StoredRow[]): void;
  count(): number;
  digest(): string;
}

/** Texts are compared as PostgreSQL can hold them. */
function createTally(): Tally {
  const hash = createHash('sha256');
  let count = 0;
  return {
    add(rows) {
      count += rows.length;
      for (const row of rows)
        hash.update(
          `${JSON.stringify(row.map((value) => (typeof value === 'string' ? postgresText(value) : value)))}\n`,
        );
    },
    count: () => count,
    digest: () => hash.digest('hex'),
  };
}
