import {
  collectOnce,
  type Collected,
  type CollectedPart,
  type CollectedTarget,
} from '../exporter/collect-once.ts';
import type { LoadedInventory } from '../inventory/load.ts';
import type { Terminal } from './command.ts';
import { inventoryFromHere } from './from-here.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

const BAR_WIDTH = 24;

/** Runs the collectors of targets once, beside an exporter that may be running, and shows how far that is. */
export function collectWithProgress(
  loaded: LoadedInventory,
  targets: readonly CollectedTarget[],
  { progress }: Terminal,
): Promise<Collected[]> {
  return withTemporaryFolder('steward-collect-', async (stateFolder) => {
    try {
      return await collectOnce(await inventoryFromHere(loaded), targets, {
        stateFolder,
        onProgress: (done, total, part) => progress(`${bar(done, total)} ${done + 1} of ${total}  ${part}`),
      });
    } finally {
      progress('');
    }
  });
}

/** How a part of a collector went, in one line. */
export function partLine(part: CollectedPart): string {
  const { seconds, failure } = part;
  const time = `${seconds.toFixed(2).padStart(7)} s`;
  const name = partName(part);
  return failure === undefined
    ? `ok     ${time}  ${name}`
    : `FAILED ${time}  ${name}: ${failure.reason}: ${failure.message}`;
}

/** What a part is called. */
export function partName({ collector, isBackground }: CollectedPart): string {
  return `${collector}${isBackground ? ' (background)' : ''}`;
}

/** How it went, for programs. */
export function partJson({ collector, isBackground, seconds, failure }: CollectedPart): object {
  return { collector, background: isBackground, seconds, failure: failure ?? null };
}

function bar(done: number, total: number): string {
  const filled = Math.round((done / total) * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
}
