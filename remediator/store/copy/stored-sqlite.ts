import { existsSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { openSqliteDatabase } from '../sqlite-database.ts';
import { lockSqliteJournal } from '../sqlite-lock.ts';
import {
  journalTables,
  ROWS_AT_ONCE,
  type StoredJournal,
  type StoredRow,
  type StoredTables,
  type TableName,
} from './stored-journal.ts';

/**
 * Opens a journal in a file, and brings it to today's schema. Throws where a remediator works with it, or where there is no such file though
 * it must be there.
 */
export function openStoredSqlite(file: string, mustBeThere: boolean): StoredJournal {
  if (mustBeThere && !existsSync(file)) throw new Error(`there is no file ${file}`);
  const lock = lockSqliteJournal(file);
  try {
    const db = openSqliteDatabase(file);
    const inTransaction = (begin: string) => inOne(db, begin);
    return {
      read: inTransaction('BEGIN'),
      write: inTransaction('BEGIN IMMEDIATE'),
      close() {
        db.close();
        lock.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function inOne(db: DatabaseSync, begin: string): StoredJournal['write'] {
  return async (work) => {
    db.exec(begin);
    try {
      const value = await work(tablesOf(db));
      db.exec('COMMIT');
      return value;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  };
}

function tablesOf(db: DatabaseSync): StoredTables {
  return {
    count: (table) =>
      Promise.resolve(Number(db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count'])),
    rows: (table) => rowsOf(db, table),
    add(table, rows) {
      const columns = journalTables[table];
      const insert = db.prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
      for (const row of rows) insert.run(...(row as SQLInputValue[]));
      return Promise.resolve();
    },
  };
}

async function* rowsOf(db: DatabaseSync, table: TableName): AsyncGenerator<readonly StoredRow[]> {
  const columns = journalTables[table];
  const select = db.prepare(
    `SELECT rowid AS place, ${columns.join(', ')} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
  );
  let rows: Record<string, unknown>[];
  for (let last = 0; ; last = Number(rows.at(-1)?.['place'])) {
    rows = select.all(last);
    if (rows.length === 0) return;
    yield await Promise.resolve(rows.map((row) => columns.map((name) => row[name] as StoredRow[number])));
  }
}
