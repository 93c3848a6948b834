import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { JournalError } from '../../../remediator/store/journal.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { describeJournalContract, type OpenedJournal } from '../../contracts/journal.contract.ts';

const ignore = () => undefined;
const acceptMany = join(import.meta.dirname, '../../fixtures/remediator/accept-many.ts');

describeJournalContract(async () => {
  const folder = await createTempFolder('steward-journal');
  const openFile = async (): Promise<OpenedJournal> => {
    const journal = await openSqliteJournal(join(folder.path, 'journal.sqlite'), ignore);
    return {
      journal,
      async reopen() {
        await journal.close();
        return openFile();
      },
      async close() {
        await journal.close();
        await folder.remove();
      },
    };
  };
  return openFile();
});

/** Starts a process that accepts alerts without end and prints each run that was acknowledged. */
function startAccepting(file: string, prefix: readonly string[] = []) {
  const [program = '', ...rest] = [...prefix, process.execPath, acceptMany, file];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, lines: createInterface({ input: child.stdout }), ended: once(child, 'close') };
}

describe('a process that is killed in the middle of its writing', () => {
  test.each([1, 50, 200])('has lost nothing that it acknowledged, after %i', async (count) => {
    await using folder = await createTempFolder('steward-journal');
    const file = join(folder.path, 'journal.sqlite');
    const { child, lines, ended } = startAccepting(file);
    const acknowledged: string[] = [];
    lines.on('line', (line) => {
      acknowledged.push(line);
      if (acknowledged.length === count) child.kill('SIGKILL');
    });
    await ended;
    const journal = await openSqliteJournal(file, ignore);
    const known = new Set((await journal.runs(100_000)).map(({ id }) => id));
    await journal.close();
    expect(acknowledged.length).toBeGreaterThanOrEqual(count);
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
  });
});

describe('a journal that cannot be written', () => {
  test('for a file may not grow, rejects with a JournalError and keeps what it acknowledged', async () => {
    await using folder = await createTempFolder('steward-journal');
    const file = join(folder.path, 'journal.sqlite');
    const { lines, ended } = startAccepting(file, ['prlimit', '--fsize=300000', '--']);
    const printed: string[] = [];
    lines.on('line', (line) => printed.push(line));
    await ended;
    expect(printed.pop()).toBe('JournalError');
    const journal = await openSqliteJournal(file, ignore);
    const known = new Set((await journal.runs(100_000)).map(({ id }) => id));
    await journal.close();
    expect(printed.length).toBeGreaterThan(0);
    expect(printed.filter((id) => !known.has(id))).toEqual([]);
  });

  test('for a folder stands in its place, cannot be opened, and the message names it', async () => {
    await using folder = await createTempFolder('steward-journal');
    const file = join(folder.path, 'journal.sqlite');
    await mkdir(file);
    await expect(openSqliteJournal(file, ignore)).rejects.toThrow(JournalError);
    await expect(openSqliteJournal(file, ignore)).rejects.toThrow(file);
  });

  test('for a newer Steward wrote it, cannot be opened, and the message says so', async () => {
    await using folder = await createTempFolder('steward-journal');
    const file = join(folder.path, 'journal.sqlite');
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(openSqliteJournal(file, ignore)).rejects.toThrow(/written by a newer Steward \(schema 99\)/);
  });

  test('for it is closed, rejects', async () => {
    await using folder = await createTempFolder('steward-journal');
    const journal = await openSqliteJournal(join(folder.path, 'journal.sqlite'), ignore);
    await journal.close();
    await expect(journal.accept([], new Date())).rejects.toThrow(JournalError);
  });
});
