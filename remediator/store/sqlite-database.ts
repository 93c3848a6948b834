import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** The steps from an empty database to today's; the version of a database is how many of them it has taken. */
const migrations = [
  '0001-runs.sql',
  '0002-pauses.sql',
  '0003-decisions.sql',
  '0004-resting.sql',
  '0005-seen.sql',
  '0006-messages.sql',
] as const;

/** The version of the schema that this Steward writes; a file with a higher one is refused. */
export const SQLITE_SCHEMA = migrations.length;

/** Opens the journal's file, and brings it to today's schema. Throws where it is newer than this program, or cannot be written. */
export function openSqliteDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5000 });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    migrate(db, file);
  } catch (error) {
    // Nothing of it is held any more: it is opened again once there is room, or by a version that knows it.
    db.close();
    throw error;
  }
  return db;
}

function migrate(db: DatabaseSync, file: string): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > SQLITE_SCHEMA) {
    throw new Error(
      `${file} was written by a newer Steward (schema ${version}); this one knows ${SQLITE_SCHEMA}`,
    );
  }
  for (const [index, name] of migrations.entries()) {
    if (index < version) continue;
    const sql = readFileSync(new URL(name, import.meta.url), 'utf8');
    db.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}
