import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { LoadedInventory } from '../../inventory/load.ts';
import { secretFiles } from '../secret-files.ts';

/** What this repository ships, and the operator may have changed. */
export const SHIPPED: readonly string[] = [
  'prometheus/prometheus.yml',
  'prometheus/prometheus-scale.yml',
  'alertmanager/alertmanager.yml',
];
/** What may stand beside steward.yml in the folder that holds docker-compose.yml. */
const BESIDE = [
  '.env',
  'docker-compose.override.yml',
  'prometheus/own.yml',
  'alertmanager/own.yml',
  ...SHIPPED,
];

/** A folder of state beside steward.yml, or a database in one. */
export interface StatePlace {
  /** Below the folder of steward.yml. */
  readonly folder: string;
  /** The one file of the folder that counts; `all` for the whole folder. */
  readonly wanted: string;
}

/** All that belongs to an installation and stands in files, as paths below the folder of steward.yml. */
export interface OwnFiles {
  /** The folder of steward.yml. */
  readonly folder: string;
  /** The folder of secrets. */
  readonly secrets: string;
  /** Single files; some may be missing. */
  readonly files: readonly string[];
  /** What the two services write, where they run without containers. */
  readonly state: readonly StatePlace[];
  /** What steward.yml names outside its folder, as absolute paths: it cannot be in an archive. */
  readonly outside: readonly string[];
}

/** Lists them. */
export function ownFiles(loaded: LoadedInventory): OwnFiles {
  const { inventory, resolveFile, file } = loaded;
  const folder = dirname(resolve(file));
  const { keys, passwords, web, ofOperator, folder: secrets } = secretFiles(loaded);
  const named = [...[...keys, ...web].map(({ path }) => path), ...passwords, ...ofOperator];
  const journal = isFile(inventory.remediator.journal) ? [resolveFile(inventory.remediator.journal)] : [];
  const stateFolder = resolveFile(inventory.exporter.state_dir);
  const isInside = (path: string) => path.startsWith(folder + sep);
  const below = (path: string) => relative(folder, path);
  return {
    folder,
    secrets: below(secrets),
    files: [basename(file), ...BESIDE, ...named.filter(isInside).map(below)],
    state: [
      ...[stateFolder].filter(isInside).map((path) => ({ folder: below(path), wanted: 'all' })),
      ...journal.filter(isInside).map((path) => ({ folder: below(dirname(path)), wanted: basename(path) })),
    ],
    outside: [...named, stateFolder, ...journal].filter((path) => !isInside(path)),
  };
}

/** Whether a path below the folder of steward.yml is one of its own, or of the folders that these stand in. */
export function isOwn({ files, secrets, state }: OwnFiles, path: string): boolean {
  const whole = [secrets, ...state.filter(({ wanted }) => wanted === 'all').map(({ folder }) => folder)];
  const single = [...files, ...state.map(({ folder, wanted }) => join(folder, wanted))];
  return (
    single.includes(path) ||
    whole.some((folder) => path === folder || path.startsWith(folder + sep)) ||
    [...whole, ...single].some((own) => own.startsWith(path + sep))
  );
}

/** A file or folder that is there, to be put into an archive. */
export interface Found {
  readonly path: string;
  readonly kind: 'File' | 'Directory';
}

/**
 * Finds all that is there of files and secrets, folders before what they hold, and the folders of state without what they hold. A link counts as
 * the file that it leads to; one to a folder is followed for those that are named alone.
 */
export async function findOwnFiles({ folder, files, secrets, state }: OwnFiles): Promise<Found[]> {
  const found = new Map<string, Found>();
  const note = async (path: string): Promise<Found['kind'] | undefined> => {
    const status = await stat(join(folder, path)).catch(() => undefined);
    const kind =
      status?.isFile() === true ? 'File' : status?.isDirectory() === true ? 'Directory' : undefined;
    if (kind !== undefined) found.set(path, { path, kind });
    return kind;
  };
  const noteWithParents = async (path: string): Promise<Found['kind'] | undefined> => {
    if (dirname(path) !== '.') await noteWithParents(dirname(path));
    return note(path);
  };
  const noteAll = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) await note(inside).then(() => noteAll(inside));
      else await note(inside);
    }
  };
  if ((await noteWithParents(secrets)) === 'Directory') await noteAll(secrets);
  for (const path of [...files, ...state.map((place) => place.folder)]) await noteWithParents(path);
  return [...found.values()];
}

function isFile(journal: string): boolean {
  return !journal.includes('://');
}
