import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { link, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Header, Pack, ReadEntry } from 'tar';
import { CommandError } from '../command.ts';
import { exists } from '../secret-files.ts';

/** What stands in the archive under a name. */
export interface NewEntry {
  readonly path: string;
  readonly mode: number;
  readonly mtime: Date;
  /** The content of a file; undefined for a folder. */
  readonly content: Buffer | undefined;
}

/** An archive that is being written. */
export interface ArchiveWriter {
  add(entry: NewEntry): void;
  /** Adds what another archive has, under the path that the entry has by then. */
  copy(entry: ReadEntry): void;
  /** Aborted where it cannot be written on. */
  readonly signal: AbortSignal;
}

/**
 * Writes an archive, which nobody else may read, whole or not at all, and never over what is there. Resolves with its size in bytes.
 * Rejects with what `fill` rejects with, and with a CommandError where something stands there.
 */
export async function writeArchive(
  path: string,
  fill: (archive: ArchiveWriter) => Promise<void>,
): Promise<number> {
  if (await exists(path)) throw new CommandError(occupied(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.partial`;
  const stopNow = (signal: NodeJS.Signals) => {
    void rm(temporary, { force: true }).finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', stopNow).once('SIGTERM', stopNow);
  try {
    await writeTo(temporary, fill);
    // A link, unlike a rename, never takes the place of what is there.
    await link(temporary, path);
    await syncFolder(dirname(path));
    return (await stat(path)).size;
  } catch (error) {
    throw standsThere(error) ? new CommandError(occupied(path), { cause: error }) : error;
  } finally {
    process.off('SIGINT', stopNow).off('SIGTERM', stopNow);
    await rm(temporary, { force: true });
  }
}

async function writeTo(temporary: string, fill: (archive: ArchiveWriter) => Promise<void>): Promise<void> {
  const pack = new Pack({ gzip: true, strict: true });
  const output = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true });
  const failed = new Promise<never>((_, reject) => {
    pack.on('error', reject);
    output.on('error', reject);
  });
  const closed = once(output, 'close');
  const given = new AbortController();
  try {
    pack.pipe(output);
    const filled = fill({
      add: (entry) => pack.add(entryOf(entry)),
      copy: (entry) => pack.add(entry),
      signal: given.signal,
    }).then(() => pack.end());
    await Promise.race([Promise.all([filled, once(output, 'finish')]), failed]);
  } finally {
    given.abort();
    output.destroy();
    await closed;
  }
}

function entryOf({ path, mode, mtime, content }: NewEntry): ReadEntry {
  const size = content?.length ?? 0;
  const header = new Header({ path, mode, mtime, size, type: content === undefined ? 'Directory' : 'File' });
  const entry = new ReadEntry(header);
  if (content !== undefined) entry.write(content);
  entry.end();
  return entry;
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

function occupied(path: string): string {
  return `${path} is there already, and stays as it is: name another file`;
}

function standsThere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
}
