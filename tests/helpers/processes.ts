import { readdir, readFile } from 'node:fs/promises';

/** The ids of the processes whose command line holds a text. */
export async function processesWith(text: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    ids.map(async (id) => {
      const commandLine = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      return commandLine.includes(text) ? [id] : [];
    }),
  );
  return found.flat();
}
