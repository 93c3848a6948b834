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

/** Kills the processes whose command line holds a text, which must be the caller's own alone, and their descendants. */
export async function killProcessesWith(text: string): Promise<void> {
  for (const id of await processesWith(text)) {
    await killDescendantsOf(id);
    kill(id);
  }
}

/** Kills the children of a process, and theirs, but not the process itself. */
export async function killDescendantsOf(id: number): Promise<void> {
  const children = await readFile(`/proc/${id}/task/${id}/children`, 'utf8').catch(() => '');
  for (const child of children.trim().split(' ').filter(Boolean).map(Number)) {
    await killDescendantsOf(child);
    kill(child);
  }
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
