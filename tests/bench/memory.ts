import { readFile } from 'node:fs/promises';

/** The memory of a process that is in RAM, in millions of bytes, as /proc says. */
export async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`process ${pid} has no memory to speak of`);
  return (Number(kibibytes) * 1024) / 1e6;
}
