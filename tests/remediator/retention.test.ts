import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { keptForMs, removeOldRuns } from '../../remediator/retention.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { openSqliteJournal } from '../../remediator/store/sqlite-journal.ts';
import { makeAlert } from './alerts.ts';
import { makeInventory } from './inventory.ts';

const DAY_MS = 86_400_000;
const AT_MS = Date.parse('2026-03-01T12:00:05.000Z');
let folder: TempFolder;
let journal: Journal;
beforeEach(async () => {
  folder = await createTempFolder('steward-retention');
  journal = await openSqliteJournal(join(folder.path, 'journal.sqlite'), () => undefined);
});
afterEach(async () => {
  await journal.close();
  await folder.remove();
});

const keeping = (days: number, policy: object = {}) => {
  const inventory = makeInventory(policy);
  return { ...inventory, remediator: { ...inventory.remediator, keep_runs: days * DAY_MS } };
};

test('runs are kept as long as is said, and never less than decisions look back', () => {
  expect(makeInventory().remediator.keep_runs).toBe(400 * DAY_MS);
  expect(keptForMs(keeping(90))).toBe(90 * DAY_MS);
  expect(keptForMs(keeping(1))).toBe(30 * DAY_MS);
  expect(keptForMs(keeping(1, { breaker: '3 per 60d' }))).toBe(60 * DAY_MS);
});

test('old runs go in small steps, and none that is young enough', async () => {
  for (let count = 0; count < 120; count += 1) {
    const fingerprint = count.toString(16);
    const [id] = await journal.accept([makeAlert({}, { fingerprint })], new Date(AT_MS));
    await journal.append(id ?? '', [], { state: 'closed', outcome: 'no_policy', reason: 'no_policy' });
    await journal.accept([makeAlert({}, { fingerprint, status: 'resolved' })], new Date(AT_MS));
  }
  const steps: number[] = [];
  const watched: Journal = {
    ...journal,
    async removeEpisodes(...args) {
      const count = await journal.removeEpisodes(...args);
      steps.push(count);
      return count;
    },
  };
  const abort = new AbortController();
  const remove = (nowMs: number) => removeOldRuns(watched, keeping(90), nowMs, abort.signal);
  expect(await remove(AT_MS + 90 * DAY_MS)).toBe(0);
  expect(await remove(AT_MS + 90 * DAY_MS + 1)).toBe(120);
  expect(steps).toEqual([0, 50, 50, 20]);
  expect(await journal.runs(10)).toEqual([]);
});
