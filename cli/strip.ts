import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';

const productFolders = ['inventory', 'logs', 'hosts', 'apis', 'web', 'exporter', 'remediator', 'cli'];

/** Turns one source file into JavaScript: without types, and with its own files' names ending in `.js`. */
export function stripSource(source: string): string {
  return stripTypeScriptTypes(source).replaceAll(/(['"])(\.\.?\/[^'"\n]*)\.ts\1/g, '$1$2.js$1');
}

/**
 * Writes the folders below `from` to `to` as JavaScript, other files as they are; what may be run may still. What was in `to` is removed first.
 * The images carry the result, since the stripper itself costs each process 14 to 30 MB.
 */
export async function stripFolders(from: string, to: string, folders: readonly string[]): Promise<void> {
  await rm(to, { recursive: true, force: true });
  for (const folder of folders) {
    for (const entry of await readdir(path.join(from, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile())
        await stripFile(from, to, path.join(path.relative(from, entry.parentPath), entry.name));
    }
  }
}

async function stripFile(from: string, to: string, name: string): Promise<void> {
  const target = path.join(to, name);
  await mkdir(path.dirname(target), { recursive: true });
  const file = path.join(from, name);
  if (!/\.[jt]s$/.test(name)) return cp(file, target);
  const { mode } = await stat(file);
  await writeFile(target.replace(/\.ts$/, '.js'), stripSource(await readFile(file, 'utf8')), { mode });
}

if (import.meta.main) {
  const root = path.join(import.meta.dirname, '..');
  const asked = process.argv.slice(2);
  await stripFolders(root, path.join(root, 'dist'), asked.length > 0 ? asked : productFolders);
}
