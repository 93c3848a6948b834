import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, copyFile, link, lstat, mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * A program of its own: writes what a folder of state holds to standard output as a tar, as it was at one moment, while its owner goes on
 * writing. In a container it is what Node gets on its standard input, so it imports nothing but Node's own.
 *
 * Arguments: the folder, then `all`, `blocks` for the finished blocks of Prometheus, or the name of the one file that counts.
 */

const STAGE = '.steward-backup-';
const LEFT_OVER_MS = 60 * 60_000;
/** What a disk keeps beside a copy of a database. */
const SPARE_BYTES = 16 * 2 ** 20;
/** https://sqlite.org/fileformat.html#the_database_header */
const SQLITE_MAGIC = 'SQLite format 3\0';
/** What stands beside a database and belongs to it alone: https://sqlite.org/tempfiles.html; ballast and lock are the journal's. */
const BESIDE_DATABASE = /(?:-(?:wal|shm|journal|ballast)|\.lock(?:-journal)?)$/;
/** Names of Prometheus's blocks are ULIDs: https://github.com/ulid/spec. A block is never changed once it has its name. */
const BLOCK = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const RETRIES = 5;

const [folder = '', wanted = 'all'] = process.argv.slice(2);
try {
  await removeLeftOver();
  const stage = join(folder, `${STAGE}${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(stage, { mode: 0o700 });
    await (wanted === 'blocks' ? stageBlocks(stage) : stageFolder(folder, stage));
    await writeTar(stage);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** What a run that was killed has left, and none that is under way. */
async function removeLeftOver(): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(STAGE)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > LEFT_OVER_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function stageFolder(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (from === folder && (entry.name.startsWith(STAGE) || !isWanted(entry.name))) continue;
    if (entry.isDirectory()) {
      await mkdir(target, { mode: (await stat(source)).mode & 0o777 });
      await stageFolder(source, target);
    } else if (entry.isFile() && !(await belongsToDatabase(source))) {
      await stageFile(source, target);
    }
  }
}

function isWanted(name: string): boolean {
  return wanted === 'all' || name === wanted;
}

/**
 * Files other than databases are replaced as a whole by who owns them, so that a second name keeps them as they are. One that is gone when its turn
 * comes was the new content of another, which is there; a block of which something is gone is none any more.
 */
async function stageFile(source: string, target: string): Promise<void> {
  try {
    if (await isDatabase(source)) await copyDatabase(source, target);
    else await link(source, target).catch(() => copyFile(source, target));
  } catch (error) {
    // Another may have its name by now, as where a program uses the same one for each new content.
    const isGone = isMissing(error) || (await lstat(source).catch(isMissing)) === true;
    if (!isGone || wanted === 'blocks') throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Takes one moment of the database, whoever writes meanwhile: https://sqlite.org/lang_vacuum.html#vacuuminto */
async function copyDatabase(source: string, target: string): Promise<void> {
  const { size, mode } = await stat(source);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < size + SPARE_BYTES)
    throw new Error(`the disk of ${source} has no room for a copy of its ${size} bytes`);
  const database = new DatabaseSync(source, { timeout: 30_000 });
  try {
    database.prepare('VACUUM INTO ?').run(target);
  } finally {
    database.close();
  }
  await chmod(target, mode & 0o777);
}

async function belongsToDatabase(file: string): Promise<boolean> {
  return BESIDE_DATABASE.test(file) && (await isDatabase(file.replace(BESIDE_DATABASE, '')));
}

async function isDatabase(file: string): Promise<boolean> {
  const status = await lstat(file).catch(() => undefined);
  if (status?.isFile() !== true) return false;
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(
    Buffer.alloc(SQLITE_MAGIC.length),
    0,
    SQLITE_MAGIC.length,
    0,
  );
  return buffer.toString('latin1', 0, bytesRead) === SQLITE_MAGIC;
}

/** Blocks are merged and removed at any time: where one went meanwhile, all are looked at again. */
async function stageBlocks(stage: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const names = (await readdir(folder)).filter((name) => BLOCK.test(name));
    try {
      for (const name of names) {
        await mkdir(join(stage, name));
        await stageFolder(join(folder, name), join(stage, name));
      }
      return;
    } catch (error) {
      if (attempt === RETRIES) throw error;
      await rm(stage, { recursive: true });
      await mkdir(stage, { mode: 0o700 });
    }
  }
}

async function writeTar(stage: string): Promise<void> {
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--hard-dereference'];
  const child = spawn('tar', ['-C', stage, ...owner, '-cf', '-', '.'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'close')) as [number | null];
  // 1 is "file changed as we read it": one that was replaced meanwhile has a name less, and the content that it had.
  if (code !== 0 && code !== 1) throw new Error(`tar ended with ${String(code)}`);
}
