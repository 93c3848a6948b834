import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isPostgresAddress } from '../../inventory/journal-address.ts';
import { copyFolder, copyVolume } from '../backup/copy-state.ts';
import { databaseOf, DUMP_NAME, dumpDatabase, type StackDatabase } from '../backup/database.ts';
import { MANIFEST_NAME, newManifest } from '../backup/manifest.ts';
import { findOwnFiles, ownFiles, type OwnFiles } from '../backup/own-files.ts';
import {
  hasImage,
  hasStack,
  isThere,
  MEASUREMENTS,
  readStack,
  type Stack,
  type Volume,
} from '../backup/volumes.ts';
import { writeArchive, type ArchiveWriter } from '../backup/write-archive.ts';
import { CommandError, type Command, type Terminal } from '../command.ts';
import { loadGood } from '../load.ts';
import { exists } from '../secret-files.ts';

/** Puts all state into one archive. */
export const backup: Command = {
  name: 'backup',
  parameters: ['<file>'],
  options: ['json', 'measurements'],
  summary: 'put steward.yml, secrets and all state into one archive, while everything runs on',
  async run({ words: [file = ''], configFile, isJson, isWithMeasurements }, terminal) {
    const loaded = await loadGood(configFile);
    const own = ownFiles(loaded);
    const stack = await presentVolumes(own.folder, isWithMeasurements);
    const places = await presentState(own);
    const journal = loaded.inventory.remediator.journal;
    const database = stack.stack === undefined ? undefined : databaseOf(stack.stack.config, journal);
    if (stack.volumes.length + places.length === 0 && database === undefined)
      terminal.say(
        'no state was found, neither in volumes nor beside steward.yml: only files are in the archive',
      );
    const contents = { own, stack, places, database, config: basename(loaded.file) };
    let entries = 0;
    const bytes = await writeArchive(resolve(file), async (archive) => {
      entries = await fill(archive, contents, terminal);
    });
    terminal.progress('');
    const leftOut = [
      ...own.outside,
      ...(isPostgresAddress(journal) && database === undefined
        ? [`the journal, ${journal}: save it there with pg_dump`]
        : []),
    ];
    for (const place of leftOut) terminal.say(`warning: not in the archive: ${place}`);
    terminal.print(
      isJson
        ? `${JSON.stringify({ archive: resolve(file), bytes, entries, left_out: leftOut })}\n`
        : `${file}: ${entries} files and folders, ${(bytes / 1e6).toFixed(1)} MB\n`,
    );
    terminal.hint('it holds keys and passwords: keep it where nobody else can read it');
    return 0;
  },
};

interface Contents {
  readonly own: OwnFiles;
  readonly stack: { readonly stack: Stack | undefined; readonly volumes: readonly Volume[] };
  readonly places: OwnFiles['state'];
  readonly database: StackDatabase | undefined;
  readonly config: string;
}

/** Writes all of it, and returns how many entries that were. */
async function fill(
  archive: ArchiveWriter,
  { own, stack: { stack, volumes }, places, database, config }: Contents,
  { progress }: Terminal,
): Promise<number> {
  let entries = 0;
  const onEntry = (path: string): void => {
    entries += 1;
    progress(`${entries}: ${path}`);
  };
  const manifest = Buffer.from(`${JSON.stringify(await newManifest(config))}\n`);
  archive.add({ path: MANIFEST_NAME, mode: 0o600, mtime: new Date(), content: manifest });
  for (const { path, kind } of await findOwnFiles(own)) {
    const { mode, mtime } = await stat(join(own.folder, path));
    const content = kind === 'File' ? await read(join(own.folder, path)) : undefined;
    archive.add({ path: `files/${path}`, mode: mode & 0o777, mtime, content });
    onEntry(path);
  }
  for (const place of places)
    await copyFolder(archive, join(own.folder, place.folder), place, `files/${place.folder}`, onEntry);
  if (database !== undefined) {
    const content = await dumpDatabase(own.folder, database);
    archive.add({ path: DUMP_NAME, mode: 0o600, mtime: new Date(), content });
    onEntry(DUMP_NAME);
  }
  for (const volume of volumes)
    if (stack !== undefined) await copyVolume(archive, stack, volume, `volumes/${volume.id}`, onEntry);
  return entries;
}

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw new CommandError(`${path} cannot be read: run this as the account that owns it, or as root`, {
      cause,
    });
  });
}

/** The volumes that the engine has, where there is a docker-compose.yml. */
async function presentVolumes(folder: string, isWithMeasurements: boolean): Promise<Contents['stack']> {
  if (!(await hasStack(folder))) return { stack: undefined, volumes: [] };
  const stack = await readStack({ folder });
  const present = await Promise.all(stack.volumes.map(isThere));
  const volumes = stack.volumes.filter(
    ({ id }, index) => present[index] === true && (isWithMeasurements || id !== MEASUREMENTS),
  );
  if (volumes.length > 0 && !(await hasImage(stack)))
    throw new CommandError(
      `the image ${stack.image}, which reads the volumes, is not there: docker compose build`,
    );
  return { stack, volumes };
}

async function presentState({ folder, state }: OwnFiles): Promise<OwnFiles['state']> {
  const present = await Promise.all(
    state.map((place) => exists(join(folder, place.folder, place.wanted === 'all' ? '' : place.wanted))),
  );
  return state.filter((_, index) => present[index]);
}
