import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startProcess } from '../../../lab/parts/process.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import type { JournalError } from '../../../remediator/store/journal-error.ts';
import type { Journal } from '../../../remediator/store/journal.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { describeJournalAnswers } from '../../contracts/journal-answers.contract.ts';
import { describeJournalEpisodes } from '../../contracts/journal-episodes.contract.ts';
import { describeJournalLeases } from '../../contracts/journal-leases.contract.ts';
import { describeJournalMessages } from '../../contracts/journal-messages.contract.ts';
import { describeJournalPast } from '../../contracts/journal-past.contract.ts';
import { describeJournalStarts } from '../../contracts/journal-starts.contract.ts';
import { describeRestingRuns } from '../../contracts/journal-resting.contract.ts';
import type { JournalStore } from '../../contracts/journal-store.ts';
import { describeJournalContract } from '../../contracts/journal.contract.ts';
import { makeAlert } from '../alerts.ts';

const failOnLoss = (error: JournalError): never => {
  throw error;
};

async function store(): Promise<JournalStore> {
  const folder = await createTempFolder('steward-journal');
  return {
    open: () => openSqliteJournal(join(folder.path, 'data', 'journal.sqlite'), failOnLoss),
    remove: () => folder.remove(),
  };
}

describeJournalContract(store);
describeJournalEpisodes(store);
describeJournalAnswers(store);
describeJournalStarts(store);
describeJournalPast(store);
describeJournalLeases(store);
describeJournalMessages(store);
describeRestingRuns(store);

describe('the file', () => {
  let folder: TempFolder;
  let file: string;
  const open = (): Promise<Journal> => openSqliteJournal(file, failOnLoss);
  beforeEach(async () => {
    folder = await createTempFolder('steward-journal');
    file = join(folder.path, 'journal.sqlite');
  });
  afterEach(() => folder.remove());

  /** Starts a process that accepts alerts without end; `ids` are those of the runs that it was answered with. */
  async function startAccepting(prefix: readonly string[] = []) {
    const log = join(folder.path, 'log');
    const script = fileURLToPath(new URL('accept-for-ever.ts', import.meta.url));
    const argv = ['env', ...prefix, process.execPath, script, file] as const;
    const writer = await startProcess({ name: 'writer', argv, logFile: log });
    const ids = async () =>
      ((await readFile(log, 'utf8')).match(/^[0-9a-f-]+\n/gm) ?? []).map((line) => line.trim());
    return { writer, ids };
  }

  async function unknownOf(ids: readonly string[]): Promise<string[]> {
    const journal = await open();
    const known = new Set((await journal.runs(100_000)).map(({ id }) => id));
    await journal.close();
    return ids.filter((id) => !known.has(id));
  }

  test.each([1, 50, 200])('what was answered is there after a kill -9, after %i answers', async (count) => {
    const { writer, ids } = await startAccepting();
    await writer.untilReady(async () => (await ids()).length >= count);
    writer.kill('SIGKILL');
    await writer.ended;
    expect(await unknownOf(await ids())).toEqual([]);
  });

  test('is for one process at a time, until that one has ended, however it ends', async () => {
    const { writer, ids } = await startAccepting();
    await writer.untilReady(async () => (await ids()).length > 0);
    await expect(open()).rejects.toThrow(
      /cannot be opened: .*another remediator works with .*journal\.sqlite/,
    );
    writer.kill('SIGKILL');
    await writer.ended;
    await (await open()).close();
    await (await open()).close();
  });

  test('that may not grow gives an error, and what was answered before is there', async () => {
    const { writer, ids } = await startAccepting(['prlimit', '--fsize=300000', '--']);
    await writer.ended;
    expect(writer.logTail()).toMatch(/JournalError: disk I\/O error/);
    expect((await ids()).length).toBeGreaterThan(0);
    expect(await unknownOf(await ids())).toEqual([]);
  });

  test('that is locked for long gives an error, and nothing is half written', async () => {
    const journal = await open();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const refused = journal.accept([makeAlert()], new Date());
    await expect(refused).rejects.toThrow(/locked/);
    other.exec('ROLLBACK');
    other.close();
    expect(await journal.runs(10)).toEqual([]);
    expect(await journal.accept([makeAlert()], new Date())).toHaveLength(1);
    await journal.close();
  });

  test('of a newer Steward is refused, and left alone', async () => {
    await (await open()).close();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(open()).rejects.toThrow(/journal\.sqlite was written by a newer Steward \(schema 99\)/);
  });

  test('that is no database is refused', async () => {
    await writeFile(file, 'this is no database, but it is longer than the header of one. '.repeat(20));
    await expect(open()).rejects.toThrow(/cannot be opened: .*file is not a database/);
  });

  test('that cannot be made is refused', async () => {
    await writeFile(join(folder.path, 'a-file'), '');
    file = join(folder.path, 'a-file', 'journal.sqlite');
    await expect(open()).rejects.toThrow(/cannot be opened/);
  });

  test('a journal that was closed refuses', async () => {
    const journal = await open();
    await journal.close();
    await journal.close();
    await expect(journal.runs(1)).rejects.toThrow('the journal is closed');
  });
});
