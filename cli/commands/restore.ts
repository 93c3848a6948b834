import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { LoadedInventory } from '../../inventory/load.ts';
import { databaseOf, DUMP_NAME, loadDatabase, type StackDatabase } from '../backup/database.ts';
import { filesAsShipped } from '../backup/files-as-shipped.ts';
import { listeners } from '../backup/listeners.ts';
import { isOwn, ownFiles } from '../backup/own-files.ts';
import { conflicts, fillVolume, makeFolders, moveFiles } from '../backup/put-back.ts';
import { seeArchive, unpackArchive, type SeenArchive } from '../backup/read-archive.ts';
import { createVolumes, hasStack, isThere, readStack, runs, type Stack } from '../backup/volumes.ts';
import { CommandError, type Command } from '../command.ts';
import { loadGood } from '../load.ts';

const FILES = 'files/';

/** Puts back what is in an archive of `steward backup`. */
export const restore: Command = {
  name: 'restore',
  parameters: ['<file>'],
  options: ['json', 'overwrite'],
  summary: 'put back what steward backup saved; overwrites nothing without --overwrite',
  async run({ words: [file = ''], configFile, isJson, isOverwriting }, { print, say, hint }) {
    const folder = dirname(resolve(configFile));
    const seen = await seeArchive(resolve(file));
    const staging = await stagingFolder(folder);
    try {
      await unpackArchive(resolve(file), staging);
      const [files, folders] = [pathsBelow(seen.files), pathsBelow(seen.folders)];
      const from = join(staging, 'files');
      const loaded = await loadGood(join(from, seen.manifest.config));
      refuseStrays(loaded, [...files, ...folders]);
      const stack = await stackFor(seen, folder, from);
      const database = databaseIn(seen, loaded, stack);
      await refuseRunning(loaded, folder, stack);
      const replaced = isOverwriting ? [] : await refuseConflicts(from, folder, files, { stack, database });
      await makeFolders(from, folder, [...folders, ...files.map((path) => dirname(path))]);
      await moveFiles(from, folder, files, seen.manifest.config);
      for (const path of replaced) say(`${path} is the one of the archive now: git diff shows what differs`);
      await fillVolumes(stack, folder, staging, say);
      if (database !== undefined) {
        await loadDatabase(folder, database, join(staging, DUMP_NAME));
        say(`filled ${database.volume}`);
      }
      const volumes = [
        ...(stack?.volumes ?? []).map(({ name }) => name),
        ...(database === undefined ? [] : [database.volume]),
      ];
      print(
        isJson
          ? `${JSON.stringify({ folder, files, volumes, made_at: seen.manifest.made_at, version: seen.manifest.version })}\n`
          : `${folder}: ${files.length} files, ${volumes.length} volumes, as of ${seen.manifest.made_at}\n`,
      );
      hint(stack === undefined ? 'start the services again' : 'steward up starts it');
      return 0;
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  },
};

/** The volumes that the archive is about to fill, as its own `.env` and override say; undefined where it has none. */
async function stackFor({ files }: SeenArchive, folder: string, from: string): Promise<Stack | undefined> {
  const wanted = new Set(
    files.filter((path) => path.startsWith('volumes/')).map((path) => path.split('/')[1]),
  );
  if (wanted.size === 0 && !files.includes(DUMP_NAME)) return undefined;
  if (!(await hasStack(folder)))
    throw new CommandError(
      `the archive has volumes of docker-compose.yml, and ${folder} has none: get the repository there first`,
    );
  const stack = await readStack({ folder, incoming: from });
  const volumes = stack.volumes.filter(({ id }) => wanted.delete(id));
  const [unknown] = wanted;
  if (unknown !== undefined)
    throw new CommandError(`docker-compose.yml has no volume ${unknown}, which is in the archive`);
  return { ...stack, volumes };
}

/** The database that the archive's dump goes into; undefined where it has none. */
function databaseIn(
  { files }: SeenArchive,
  { inventory }: LoadedInventory,
  stack: Stack | undefined,
): StackDatabase | undefined {
  if (stack === undefined || !files.includes(DUMP_NAME)) return undefined;
  const database = databaseOf(stack.config, inventory.remediator.journal);
  if (database === undefined)
    throw new CommandError(
      `the archive has a dump of the journal, and docker-compose.yml no service for ${inventory.remediator.journal}: is the profile postgres on?`,
    );
  return database;
}

async function stagingFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return mkdtemp(join(folder, '.steward-restore-'));
}

/** Those that go beside steward.yml, from there. */
function pathsBelow(paths: readonly string[]): string[] {
  return paths.filter((path) => path.startsWith(FILES)).map((path) => path.slice(FILES.length));
}

/** An archive may bring what its steward.yml names, and no program. */
function refuseStrays(loaded: LoadedInventory, files: readonly string[]): void {
  const own = ownFiles(loaded);
  const stray = files.find((path) => !isOwn(own, path));
  if (stray !== undefined)
    throw new CommandError(
      `the archive is refused: its ${basename(loaded.file)} does not name ${JSON.stringify(stray)}`,
    );
}

async function refuseRunning(
  { inventory }: LoadedInventory,
  folder: string,
  stack: Stack | undefined,
): Promise<void> {
  if (stack !== undefined) {
    if (await runs(stack, folder))
      throw new CommandError('containers of the stack run: docker compose down, and then again');
    return;
  }
  const [address] = await listeners([inventory.exporter.listen, inventory.remediator.listen]);
  if (address !== undefined)
    throw new CommandError(
      `something listens on ${address}: stop the exporter and the remediator, and then again`,
    );
}

/** Returns the files that stand as this repository ships them and may be replaced: git has them. */
async function refuseConflicts(
  from: string,
  folder: string,
  files: readonly string[],
  { stack, database }: { stack: Stack | undefined; database: StackDatabase | undefined },
): Promise<string[]> {
  const different = await conflicts(from, folder, files);
  const shipped = await filesAsShipped(folder, different);
  const inWay = different.filter((path) => !shipped.includes(path));
  const names = [...(stack?.volumes ?? []).map((volume) => volume.name), database?.volume];
  for (const name of names)
    if (name !== undefined && (await isThere({ name }))) inWay.push(`the volume ${name}`);
  if (inWay.length === 0) return shipped;
  throw new CommandError(
    [...inWay.map((path) => `${path} is there already`), 'nothing was changed; --overwrite replaces it'].join(
      '\n',
    ),
  );
}

/** Compose makes the volumes, so that they are its own, with the owners of the images' folders. */
async function fillVolumes(
  stack: Stack | undefined,
  folder: string,
  staging: string,
  say: (line: string) => void,
): Promise<void> {
  if (stack === undefined || stack.volumes.length === 0) return;
  await createVolumes(folder, stack.volumes);
  for (const volume of stack.volumes) {
    await fillVolume(stack, volume, join(staging, 'volumes', volume.id));
    say(`filled ${volume.name}`);
  }
}
