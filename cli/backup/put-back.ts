import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, lstat, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { create } from 'tar';
import { CommandError } from '../command.ts';
import { onVolume, type Stack, type Volume } from './volumes.ts';

/** What SQLite keeps beside a database; what another one left must not be taken for this one's. */
const BESIDE_DATABASE = ['-wal', '-shm', '-journal'];
const EMPTY_AND_UNPACK = 'find /state -mindepth 1 -delete && exec tar -C /state -xpf -';

/** The paths of files below `from` that stand in `to` already and are not the same. */
export async function conflicts(from: string, to: string, files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of files) {
    const status = await lstat(join(to, path)).catch(() => undefined);
    if (status !== undefined && !(status.isFile() && (await isSame(join(from, path), join(to, path)))))
      found.push(path);
  }
  return found;
}

/** Makes folders below `to` where there are none, with the modes that they have below `from`, and the owner of `to`. */
export async function makeFolders(from: string, to: string, folders: readonly string[]): Promise<void> {
  const own = await owner(to);
  for (const path of folders.toSorted()) {
    const isNew = (await mkdir(join(to, path), { recursive: true })) !== undefined;
    if (!isNew) continue;
    await chmod(join(to, path), (await stat(join(from, path))).mode & 0o777);
    await own(join(to, path));
  }
}

/** Moves files of one folder to another, `last` at the end, so that it is there only where all is. All get the other folder's owner. */
export async function moveFiles(
  from: string,
  to: string,
  files: readonly string[],
  last: string,
): Promise<void> {
  const own = await owner(to);
  for (const path of [...files.filter((file) => file !== last), last]) {
    for (const ending of BESIDE_DATABASE) await rm(join(to, `${path}${ending}`), { force: true });
    await move(join(from, path), join(to, path));
    await own(join(to, path));
  }
}

/** Gives a path the owner of a folder, where this account may. */
async function owner(folder: string): Promise<(path: string) => Promise<void>> {
  const { uid, gid } = await stat(folder);
  return (path) => (process.getuid?.() === 0 ? chown(path, uid, gid) : Promise.resolve());
}

/** A folder of state may be on a disk of its own. */
async function move(from: string, to: string): Promise<void> {
  await rename(from, to).catch(async (error: unknown) => {
    if (!hasCode(error, 'EXDEV')) throw error;
    await cp(from, to, { force: true, preserveTimestamps: true });
  });
}

/** Empties a volume and puts what a folder holds into it. */
export async function fillVolume(stack: Stack, volume: Volume, folder: string): Promise<void> {
  const [program, ...args] = onVolume(stack, volume, ['sh', '-c', EMPTY_AND_UNPACK]);
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close') as Promise<[number | null]>;
  const complaint = text(child.stderr);
  create({ cwd: folder, portable: false }, await readdir(folder)).pipe(child.stdin);
  const [code] = await ended;
  if (code !== 0)
    throw new CommandError(
      `the volume ${volume.name} could not be filled: ${(await complaint).trim().split('\n').at(-1) ?? ''}; all files are back, so run it again with --overwrite once that is mended`,
    );
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [{ size }, { size: otherSize }] = await Promise.all([stat(one), stat(other)]);
  return (
    size === otherSize &&
    basename(one) === basename(other) &&
    (await readFile(one)).equals(await readFile(other))
  );
}
