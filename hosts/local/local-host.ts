import { lstat, open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { HostError, type FileStatus, type Host } from '../host.ts';
import { runLocally } from './run-locally.ts';

/** The machine that Steward itself runs on. Commands run as the account that Steward runs as. */
export function createLocalHost(id: string, user: string): Host {
  return {
    id,
    user,
    kind: 'local',
    run: runLocally,
    readFile: readLocalFile,
    stat: statLocally,
    close: () => Promise.resolve(),
  };
}

async function readLocalFile(path: string, offsetBytes: number, lengthBytes: number): Promise<Buffer> {
  try {
    // A pipe in the place of a file, without a writer, would hold a thread for ever.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const buffer = Buffer.alloc(lengthBytes);
    let filled = 0;
    while (filled < lengthBytes) {
      const { bytesRead } = await file.read(buffer, filled, lengthBytes - filled, offsetBytes + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } catch (cause) {
    throw new HostError('not_readable', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

async function statLocally(path: string): Promise<FileStatus | undefined> {
  try {
    const stats = await lstat(path);
    const type = stats.isFile()
      ? 'file'
      : stats.isDirectory()
        ? 'directory'
        : stats.isSymbolicLink()
          ? 'link'
          : 'other';
    return {
      type,
      sizeBytes: stats.size,
      mode: stats.mode & 0o7777,
      modifiedMs: Math.floor(stats.mtimeMs),
      inode: stats.ino,
    };
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new HostError('not_readable', `${path} cannot be looked at: ${messageOf(cause)}`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function messageOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}
