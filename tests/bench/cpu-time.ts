import { readFile } from 'node:fs/promises';

/** USER_HZ (proc(5)). */
const TICKS_PER_SECOND = 100;

/** The CPU time that a process has used with all its threads, in seconds, as /proc says. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold blanks. utime and stime are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
