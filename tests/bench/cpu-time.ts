import { readdir, readFile } from 'node:fs/promises';

/** USER_HZ (proc(5)). */
const TICKS_PER_SECOND = 100;

/** The CPU time that a process has used with all its threads, in seconds, as /proc says. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold blanks. utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The CPU time of a process and of all that it has started, those that have ended too, in seconds. */
export async function cpuSecondsOfTree(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // It ended meanwhile.
  if (stat === undefined) return 0;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = fields.slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0) / TICKS_PER_SECOND;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => cpuSecondsOfTree(Number(child))),
  );
  return below.reduce((sum, seconds) => sum + seconds, own);
}

/** The CPU time of all threads of a process that are there now, in seconds, to the nanosecond: for short measurements. */
export async function threadSeconds(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(
    threads.map(async (thread) => {
      const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
      return Number(text.split(' ')[0]) / 1e9;
    }),
  );
  return times.reduce((sum, seconds) => sum + seconds, 0);
}
