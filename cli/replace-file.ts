import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';

/** Writes a file whole or not at all, and keeps its mode and owner. A link stays one; what it leads to is written. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  const { mode, uid, gid } = await stat(target);
  const temporary = `${target}.${randomBytes(6).toString('hex')}.new`;
  try {
    await using file = await open(temporary, 'wx', 0o600);
    await file.writeFile(text);
    if (process.getuid?.() === 0) await file.chown(uid, gid);
    await file.chmod(mode & 0o777);
    await file.sync();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
