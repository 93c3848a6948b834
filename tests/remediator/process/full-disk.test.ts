import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { makeAlert } from '../alerts.ts';
import { startRemediator, type RunningRemediator } from './running-remediator.ts';
import { alert, useStage, violations } from './stage.ts';

const BALLAST_BYTES = 8 << 20;
const stage = useStage();
let folder: TempFolder;
let disk: string;

beforeEach(async () => {
  folder = await createTempFolder('steward-full');
  disk = join(folder.path, 'data');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]);
});
afterEach(async () => {
  await stage.leave();
  execFileSync('umount', [disk]);
  await folder.remove();
});

/** Takes what room there is, to the last block. */
function fillDisk(name: string): void {
  for (let size = 1 << 20; size >= 512;) {
    try {
      writeFileSync(join(disk, name), Buffer.alloc(size), { flag: 'a' });
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
      size >>= 1;
    }
  }
}

async function ballastOf({ url }: RunningRemediator): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  return Number(/^steward_remediator_journal_ballast_bytes (\d+)$/m.exec(page)?.[1]);
}

test('a full disk is still healed; what is not accepted then is asked for again; and all is there when there is room', async () => {
  const remediator = await startRemediator({ folder: folder.path, inventory: stage.inventory() });
  stage.remediator = remediator;
  const ballast = join(disk, 'remediator', 'journal.sqlite-ballast');
  expect(await ballastOf(remediator)).toBe(BALLAST_BYTES);
  expect(statSync(ballast).blocks * 512).toBeGreaterThanOrEqual(BALLAST_BYTES);

  fillDisk('filler');
  expect(await remediator.deliver(alert)).toBe(202);
  await stage.host.untilCalled(1);
  stage.page.set(violations, 0);
  expect(await remediator.untilClosed()).toMatchObject({ outcome: 'verified' });
  expect(await ballastOf(remediator)).toBe(0);
  expect(readFileSync(join(folder.path, 'remediator.log'), 'utf8')).toContain(
    'the disk of the journal is full',
  );

  fillDisk('more');
  const other = (count: number) =>
    makeAlert({ alertname: 'Other', long: 'x'.repeat(60_000) }, { fingerprint: count.toString(16) });
  const accepted: string[] = [];
  let refused = 0;
  for (let count = 0; refused < 3; count += 1) {
    const status = await remediator.deliver(other(count));
    if (status === 202) accepted.push(other(count).fingerprint);
    else expect(status).toBe(503);
    refused += status === 503 ? 1 : 0;
  }
  const known = async (from: RunningRemediator) =>
    (await from.runs(1000)).map(({ fingerprint }) => fingerprint).sort();
  expect(await known(remediator)).toEqual([alert.fingerprint, ...accepted].sort());

  rmSync(join(disk, 'filler'));
  rmSync(join(disk, 'more'));
  expect(await remediator.deliver(makeAlert({}, { fingerprint: 'ffff' }))).toBe(202);
  await waitUntil(async () => (await ballastOf(remediator)) === BALLAST_BYTES, { what: 'the ballast' });
  await stage.kill();
  const next = await stage.restart();
  expect(await known(next)).toEqual([alert.fingerprint, ...accepted, 'ffff'].sort());
});

test('a remediator that starts on a full disk gives its room up, and works', async () => {
  const first = await startRemediator({ folder: folder.path, inventory: stage.inventory() });
  stage.remediator = first;
  await first.process.stop();
  fillDisk('filler');
  const remediator = await stage.restart();
  expect(await ballastOf(remediator)).toBe(0);
  expect(await remediator.deliver(makeAlert({}, { fingerprint: 'ffff' }))).toBe(202);
});
