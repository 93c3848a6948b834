import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadInventory, type LoadedInventory, type LoadResult } from '../../inventory/load.ts';
import { formatProblem } from '../../inventory/problem.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';

/** Loads a text as a steward.yml. */
export async function loadYaml(text: string): Promise<LoadResult> {
  await using folder = await createTempFolder('steward-yaml');
  const file = join(folder.path, 'steward.yml');
  await writeFile(file, text);
  return await loadInventory(file);
}

/** Loads a text that has no fault. */
export async function loadGoodYaml(text: string): Promise<LoadedInventory> {
  const result = await loadYaml(text);
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result;
}

/** Loads a text that is wrong, and returns the problems as they print, without the folder. */
export async function problemsOf(text: string): Promise<string[]> {
  const result = await loadYaml(text);
  return result.ok
    ? []
    : result.problems.map((problem) => formatProblem({ ...problem, file: 'steward.yml' }));
}
