import { readdir, readlink } from 'node:fs/promises';
import { waitUntil } from './wait-until.ts';

/** Kills all processes that work in a folder, whoever started them, and waits until there are none. */
export async function killProcessesIn(folder: string): Promise<void> {
  await waitUntil(
    async () => {
      const ids = await processesIn(folder);
      ids.forEach(kill);
      return ids.length === 0;
    },
    { what: `the processes in ${folder} to end` },
  );
}

/** The ids of the processes whose working folder this is, also when it was removed since. */
async function processesIn(folder: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const working = await readlink(`/proc/${id}/cwd`).catch(() => '');
      return working === folder || working === `${folder} (deleted)` ? [Number(id)] : [];
    }),
  );
  return found.flat();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}
