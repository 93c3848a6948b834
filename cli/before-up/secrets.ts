import { stat } from 'node:fs/promises';
import type { LoadedInventory } from '../../inventory/load.ts';
import { secretFiles } from '../secret-files.ts';

/** Every account may read it: inside a container that is the image's own user, and outside the folder keeps all others out. */
const READABLE = 0o444;
const FOLDER = 0o700;

/** Says which secrets are missing, are folders, or have modes that are too open or too closed. */
export async function secretProblems(loaded: LoadedInventory): Promise<string[]> {
  const { folder, keys, passwords, web, ofOperator } = secretFiles(loaded);
  const pathOf = ({ path }: { readonly path: string }) => path;
  const made = [...keys.map(pathOf), ...passwords, ...web.map(pathOf)];
  const problems = await Promise.all([
    folderProblem(folder),
    ...made.map((path) => fileProblem(folder, path, 'steward secrets makes it')),
    ...ofOperator.map((path) => fileProblem(folder, path, 'it is yours to put there')),
  ]);
  return problems.flat();
}

async function folderProblem(folder: string): Promise<string[]> {
  const status = await stat(folder).catch(() => undefined);
  if (status === undefined || modeOf(status.mode) === FOLDER) return [];
  return [
    `${folder} has the mode ${shown(status.mode)}; all that keeps others from the secrets in it is 0700: chmod 0700 ${folder}`,
  ];
}

async function fileProblem(folder: string, path: string, remedy: string): Promise<string[]> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) return [`${path} is missing: ${remedy}`];
  if (status.isDirectory())
    return [
      `${path} is a folder, which Docker made where a file was missing: rmdir ${path}, then steward secrets`,
    ];
  if (!path.startsWith(`${folder}/`) || (status.mode & READABLE) === READABLE) return [];
  return [`${path} has the mode ${shown(status.mode)}, so no container can read it: chmod 0444 ${path}`];
}

function modeOf(mode: number): number {
  return mode & 0o777;
}

function shown(mode: number): string {
  return modeOf(mode).toString(8).padStart(4, '0');
}
