import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createInventoryHolder } from '../../inventory/inventory-holder.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { createRemediator } from '../../remediator/remediator.ts';
import { openSqliteJournal } from '../../remediator/store/sqlite-journal.ts';
import { createWebHandlers } from '../../web/web-handlers.ts';

test.each([
  ['that could not listen leaves the bad end of the start before it as it is', false, 1],
  ['that has started notes its own end', true, 1],
])('a remediator %s', async (_what, isStarted, unended) => {
  await using folder = await createTempFolder('steward-remediator');
  const file = join(folder.path, 'journal.sqlite');
  const config = join(folder.path, 'steward.yml');
  await writeFile(config, 'hosts: {}\n');
  const open = () => openSqliteJournal(file, () => undefined);
  const holder = await createInventoryHolder(config, () => []);
  const journal = await open();
  const lately = new Date(Date.now() - 1000);
  await journal.noteStart('one', lately, 0);
  const log = pino({ level: 'silent' });
  const remediator = createRemediator(holder, journal, log, createWebHandlers(undefined), 'one');
  if (isStarted) await remediator.start();
  await remediator.stop();
  const after = await open();
  const count = await after.noteStart('one', new Date(), 0);
  await after.close();
  expect(count).toBe(unended);
});
