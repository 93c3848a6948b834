import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';

/** A file of what must survive a restart. */
export interface StateFile<Value> {
  /** What was last saved; undefined before the first time, and where the file is damaged. */
  load(): Promise<Value | undefined>;
  /** Writes the whole value or nothing, and resolves once it is on the disk. What was saved before stays where this rejects. */
  save(value: Value): Promise<void>;
}

/**
 * Opens a state file, which is JSON that a schema describes. A file that is damaged is put aside under its name and `.damaged`, and
 * `onDamage` hears of it.
 */
export function openStateFile<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
  onDamage: (message: string) => void = (message) => process.emitWarning(message),
): StateFile<z.output<Schema>> {
  const path = join(folder, name);

  async function load(): Promise<z.output<Schema> | undefined> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    const parsed = schema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    await rename(path, `${path}.damaged`);
    onDamage(`${path} was damaged; it is now ${path}.damaged, and what it held starts anew`);
    return undefined;
  }

  async function save(value: z.output<Schema>): Promise<void> {
    const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
    await mkdir(folder, { recursive: true });
    try {
      await writeDurably(temporary, `${JSON.stringify(value)}\n`);
      await rename(temporary, path);
      await syncFolder(folder);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  return { load, save };
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(text);
  await file.sync();
}

/** Without it a power cut may bring the old name back. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
