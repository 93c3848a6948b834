import { open, rename, stat } from 'node:fs/promises';

/** Writes a file whole or not at all, and keeps its mode. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const { mode } = await stat(path);
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', mode & 0o777);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
