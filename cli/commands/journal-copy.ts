import { resolve } from 'node:path';
import { isPlainPostgresAddress, isPostgresAddress } from '../../inventory/journal-address.ts';
import { readSecret, type Secret } from '../../inventory/secret.ts';
import { copyJournal } from '../../remediator/store/copy/copy-journal.ts';
import { openStoredPostgres } from '../../remediator/store/copy/stored-postgres.ts';
import { openStoredSqlite } from '../../remediator/store/copy/stored-sqlite.ts';
import type { StoredJournal } from '../../remediator/store/copy/stored-journal.ts';
import { CommandError, type Command } from '../command.ts';
import { loadGood } from '../load.ts';

/** Copies the remediator's journal from one engine to the other. */
export const journalCopy: Command = {
  name: 'journal copy',
  parameters: ['<from>', '<to>'],
  options: ['json'],
  summary: 'copy the journal from a file to an empty PostgreSQL database, or back, while no remediator runs',
  async run({ words: [from = '', to = ''], configFile, isJson }, { print, progress }) {
    const [source, target] = [placeOf(from), placeOf(to)];
    if (source === target) throw new CommandError('both are the same journal');
    const password = await passwordFor([source, target], configFile);
    await using opened = new AsyncDisposableStack();
    const open = async (place: string, mustBeThere: boolean) => {
      const journal = await openPlace(place, mustBeThere, password);
      opened.defer(() => journal.close());
      return journal;
    };
    const [read, written] = [await open(source, true), await open(target, false)];
    const counts = await copyJournal(read, written, (table, done, all) =>
      progress(`${table}: ${done} of ${all}`),
    ).catch((cause: unknown) => {
      throw new CommandError(`${source} cannot be copied to ${target}: ${messageOf(cause)}`, { cause });
    });
    progress('');
    const { runs, events, pauses } = counts;
    print(
      isJson
        ? `${JSON.stringify({ from: source, to: target, ...counts })}\n`
        : `${runs} runs with ${events} events and ${pauses} pauses were copied to ${target}, and compared\n`,
    );
    return 0;
  },
};

/** A file by its whole path, or the address of a database as it is. */
function placeOf(word: string): string {
  if (!isPostgresAddress(word)) return resolve(word);
  if (isPlainPostgresAddress(word)) return word;
  throw new CommandError(
    'a database is written postgres://user@host:port/database, without a password: that is read from journal_password_file of steward.yml, PGPASSWORD or ~/.pgpass',
  );
}

/** The password that steward.yml has for the journal's database; undefined where it has none, or none is needed. */
async function passwordFor(places: readonly string[], configFile: string): Promise<Secret | undefined> {
  if (!places.some(isPostgresAddress)) return undefined;
  const { inventory, resolveFile } = await loadGood(configFile);
  const { journal_password_file: file } = inventory.remediator;
  return file === undefined ? undefined : readSecret(resolveFile(file));
}

async function openPlace(
  place: string,
  mustBeThere: boolean,
  password: Secret | undefined,
): Promise<StoredJournal> {
  try {
    return isPostgresAddress(place)
      ? await openStoredPostgres({ url: place, password })
      : openStoredSqlite(place, mustBeThere);
  } catch (cause) {
    throw new CommandError(`${place} cannot be opened: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
