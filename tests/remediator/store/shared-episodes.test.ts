import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { sharingEpisodes } from '../../../remediator/store/shared-episodes.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { makeAlert } from '../alerts.ts';

test('a reading is shared while it is under way, by those who ask for the same, and never kept', async () => {
  await using folder = await createTempFolder('steward-shared');
  const journal = await openSqliteJournal(join(folder.path, 'journal.sqlite'), () => undefined);
  const shared = sharingEpisodes(journal);
  const first = shared.episodesSince(0);
  expect(shared.episodesSince(0)).toBe(first);
  expect(shared.episodesSince(1)).not.toBe(first);
  expect(await first).toEqual([]);
  await shared.accept([makeAlert()], new Date());
  expect(await shared.episodesSince(0)).toHaveLength(1);
  await shared.close();
  await expect(shared.episodesSince(0)).rejects.toThrow('closed');
  await expect(shared.episodesSince(0)).rejects.toThrow('closed');
});
