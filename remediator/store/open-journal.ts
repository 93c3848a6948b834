import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { isPostgresAddress } from '../../inventory/journal-address.ts';
import type { LoadedInventory } from '../../inventory/load.ts';
import { readSecret } from '../../inventory/secret.ts';
import { messageOf } from '../message-of.ts';
import type { JournalError } from './journal-error.ts';
import type { Journal } from './journal.ts';
import { openPostgresJournal } from './postgres-journal.ts';
import { isUnreachable, type PostgresAddress } from './postgres-pool.ts';
import { openSqliteJournal } from './sqlite-journal.ts';

/** Enough for some thousand alerts and runs. */
const BALLAST_BYTES = 8 << 20;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Opens the journal where steward.yml has it. A PostgreSQL that cannot be reached is waited for, since it may be starting, too; all else
 * that is wrong rejects.
 */
export async function openJournal(loaded: LoadedInventory, log: Logger): Promise<Journal> {
  const { journal } = loaded.inventory.remediator;
  if (!isPostgresAddress(journal)) return openInFile(loaded.resolveFile(journal), log);
  const address = await postgresAddressOf(loaded);
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await openPostgresJournal(address);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      log.error({ error: messageOf(error), journal }, 'the journal cannot be reached; it is tried again');
      await sleep(waitMs);
    }
  }
}

/** The address of the journal's database, with its password. Rejects where that is to be read and cannot. */
async function postgresAddressOf({ inventory, resolveFile }: LoadedInventory): Promise<PostgresAddress> {
  const { journal, journal_password_file: passwordFile } = inventory.remediator;
  const password = passwordFile === undefined ? undefined : await readSecret(resolveFile(passwordFile));
  return { url: journal, password };
}

function openInFile(file: string, log: Logger): Promise<Journal> {
  const onLost = (error: JournalError): void => {
    // Nothing can be accepted any more; what restarts this process gives it a new thread.
    log.fatal({ error: messageOf(error) }, 'the journal has ended');
    process.exit(1);
  };
  return openSqliteJournal(file, onLost, BALLAST_BYTES, (bytes) => {
    if (bytes > 0) log.info({ bytes }, 'room is kept for the journal');
    else log.error({ file }, 'the disk of the journal is full: no room is kept for it any more');
  });
}
