import { once } from 'node:events';
import { createInterface, emitKeypressEvents } from 'node:readline';
import { listenForFaults } from './control-socket.ts';
import type { Fault } from './faults/fault.ts';
import { faults } from './faults/faults.ts';

const KEYS: Readonly<Record<string, string>> = { p: 'permissions', f: 'php-fpm' };

/** What an interactive demo consists of. */
export interface Interaction {
  /** Where other commands send the names of faults. */
  readonly controlSocket: string;
  readonly line: (text: string) => void;
  /** Shows a fault and its healing; gives up when the signal aborts. */
  readonly onFault: (fault: Fault, ended: AbortSignal) => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** Takes keys, and the faults that another command sends, one after the other, until `q` or Ctrl-C. */
export async function interact({ controlSocket, line, onFault, signal }: Interaction): Promise<void> {
  const quit = new AbortController();
  const ended = AbortSignal.any([signal, quit.signal]);
  const prompt = () => {
    if (!ended.aborted) line('\n  p: break permissions   f: kill PHP-FPM   q: end');
  };
  let queue: Promise<unknown> = Promise.resolve();
  const enqueue = (name: string) => {
    const fault = faults.get(name);
    if (fault === undefined) return;
    queue = queue
      .then(() => (ended.aborted ? undefined : onFault(fault, ended)))
      .catch((error: unknown) => {
        if (!ended.aborted) line(error instanceof Error ? error.message : String(error));
      })
      .then(prompt);
  };
  const server = await listenForFaults(controlSocket, enqueue);
  const letGo = takeKeys(enqueue, () => quit.abort());
  try {
    prompt();
    if (!ended.aborted) await once(ended, 'abort');
  } finally {
    letGo();
    server.close();
    await queue;
  }
}

/** The terminal passes each key on at once, Ctrl-C too. Returns what gives the terminal back. */
function takeKeys(onFaultName: (name: string) => void, onQuit: () => void): () => void {
  const keyboard = createInterface({ input: process.stdin });
  emitKeypressEvents(process.stdin);
  process.stdin.setRawMode(true);
  process.stdin.on('keypress', (_text: string, key: { name?: string; ctrl?: boolean }) => {
    if (key.name === 'q' || (key.ctrl === true && key.name === 'c')) onQuit();
    const fault = KEYS[key.name ?? ''];
    if (fault !== undefined) onFaultName(fault);
  });
  return () => {
    process.stdin.setRawMode(false);
    keyboard.close();
    process.stdin.pause();
  };
}
