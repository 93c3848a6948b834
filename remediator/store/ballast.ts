import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const CHUNK_BYTES = 1 << 20;

/** SQLite's result codes SQLITE_IOERR and SQLITE_FULL (https://sqlite.org/rescode.html): a full disk shows as either. */
const OUT_OF_ROOM: ReadonlySet<number> = new Set([10, 13]);

/** A file that only takes room beside the journal, so that there is some to be had where the disk is full. */
export interface Ballast {
  /** Its size now; 0 where it was given up. */
  bytes(): number;
  /** Removes it. Returns whether that has made room. */
  giveUp(): boolean;
  /** Makes it where it is missing, and there is room for it twice: what was given up must not be taken back from who needed it. */
  putBack(): void;
}

/** Whether SQLite may have failed because the disk is full. */
export function isOutOfRoom(error: unknown): boolean {
  const code = Error.isError(error) && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' && OUT_OF_ROOM.has(code & 0xff);
}

/** Makes the ballast of a journal's file; the ballast's own file is made by `putBack`. With a size of 0 there is none. */
export function createBallast(journal: string, size: number): Ballast {
  const file = `${journal}-ballast`;
  const bytes = (): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return {
    bytes,
    giveUp() {
      if (bytes() === 0) return false;
      rmSync(file);
      return true;
    },
    putBack() {
      if (bytes() >= size || freeBytes(dirname(file)) < 2 * size) return;
      try {
        fill(file, size);
      } catch {
        // The room has gone meanwhile; `bytes` says that there is no ballast.
        rmSync(file, { force: true });
      }
    },
  };
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Random bytes take their room on a file system that compresses, too. */
function fill(file: string, size: number): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let written = 0; written < size;) {
      written += writeSync(descriptor, randomFillSync(chunk), 0, Math.min(CHUNK_BYTES, size - written));
    }
  } finally {
    closeSync(descriptor);
  }
}
