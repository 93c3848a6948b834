import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** How long a process that is about to end has to let go, in milliseconds. */
const PATIENCE_MS = 2000;

/** The result code of SQLite for a file that another process has locked (SQLITE_BUSY). */
const BUSY = 5;

/**
 * Takes the journal's file for this process alone: two that decide by the same journal would each settle the other's runs as broken off. The lock stands
 * on a file beside it, so that the journal can be read meanwhile, and the kernel frees it when the process ends, however it ends. Makes the folder
 * of the file. Throws where another process has it.
 */
export function lockSqliteJournal(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(`${file}.lock`, { timeout: PATIENCE_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new Error(
      `another remediator works with ${file}: stop that one, or give this one a journal of its own`,
      { cause: error },
    );
  }
}

function isBusy(error: unknown): boolean {
  return Error.isError(error) && 'errcode' in error && error.errcode === BUSY;
}
