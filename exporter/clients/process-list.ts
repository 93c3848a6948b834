import { readdir, readFile } from 'node:fs/promises';
import { callVerb } from '../../hosts/call-verb.ts';
import type { Host } from '../../hosts/host.ts';
import { printedBy } from '../collector-error.ts';

const TIMEOUT_SECONDS = 20;
/** Some 40 bytes a process. */
const OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Reads the lines `Name` and `VmRSS` of /proc/<pid>/status of each process (proc_pid_status(5)). Rejects with a CollectorError where the
 * host does not answer as it should. `mountedAt` is where the host's root is mounted here, where it is.
 */
export async function readProcessList(host: Host, signal: AbortSignal, mountedAt?: string): Promise<string> {
  if (host.kind === 'local' || mountedAt !== undefined) {
    return readProcesses(`${mountedAt ?? ''}/proc`, signal);
  }
  const outcome = await callVerb(host, {
    verb: 'host-processes',
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: OUTPUT_LIMIT_BYTES,
    signal,
  });
  return printedBy(outcome).toString();
}

async function readProcesses(proc: string, signal: AbortSignal): Promise<string> {
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  let text = '';
  // One after the other: nothing waits for this, and what does wait should not wait for it.
  for (const pid of pids) {
    signal.throwIfAborted();
    text += await readStatus(`${proc}/${pid}/status`);
  }
  return text;
}

/** A process that has ended meanwhile has nothing to say. */
async function readStatus(file: string): Promise<string> {
  try {
    const status = await readFile(file, 'utf8');
    return status.match(/^(?:Name|VmRSS):.*\n/gm)?.join('') ?? '';
  } catch {
    return '';
  }
}
