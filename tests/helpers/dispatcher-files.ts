import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dispatcherPath } from '../../hosts/call-verb.ts';
import type { Dispatcher } from '../../hosts/harden/dispatcher.ts';

/** Reads what `steward host harden` put on this machine for an account. */
export async function installedDispatcher(user: string): Promise<Dispatcher> {
  const dispatch = await readFile(dispatcherPath(user), 'utf8');
  const partsPath = /^parts=(.*)$/m.exec(dispatch)?.[1] ?? '';
  const entries = await readdir(partsPath, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const parts = paths.map(
    async (path) => [path.slice(partsPath.length + 1), await readFile(path, 'utf8')] as const,
  );
  return { dispatch, partsPath, parts: new Map(await Promise.all(parts)) };
}

/** Writes a dispatcher and its parts to a folder, which is its state, too. Resolves with the path of the program. */
export async function placeDispatcher(folder: string, { dispatch, parts }: Dispatcher): Promise<string> {
  for (const [path, text] of parts) {
    await mkdir(dirname(join(folder, 'parts', path)), { recursive: true });
    await writeFile(join(folder, 'parts', path), text);
  }
  const program = join(folder, 'dispatch');
  const placed = dispatch.replace(/^parts=.*$/m, `parts=${folder}/parts`);
  await writeFile(program, placed.replace(/ state=.*$/m, ` state=${folder}`));
  return program;
}

/** All the shell of a dispatcher as one text, as the shell gets to know it. */
export function joinedShell({ dispatch, parts }: Dispatcher): string {
  const shell = [...parts].filter(([path]) => path.endsWith('.sh')).map(([, text]) => text);
  return dispatch.replace(/\nmain "\$@"\n$/, () => `\n${shell.join('\n')}\nmain "$@"\n`);
}
