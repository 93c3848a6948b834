import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../message-of.ts';
import { JournalError, type Journal } from './journal.ts';
import type { SqliteStatements } from './sqlite-statements.ts';

/** A call of the worker. */
export interface Call {
  readonly id: number;
  readonly method: keyof SqliteStatements;
  readonly args: unknown[];
}

/** The worker's answer to a call. */
export type Answer =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens the journal in a file, with the database in a worker thread: a commit waits for the disk there. Rejects with a JournalError
 * where the file cannot be opened. `onLost` hears when the thread ends by itself; nothing can be written after that.
 */
export async function openSqliteJournal(
  file: string,
  onLost: (error: JournalError) => void,
): Promise<Journal> {
  const worker = await startWorker(file);
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let failure: JournalError | undefined;

  worker.on('message', (answers: readonly Answer[]) => {
    for (const answer of answers) {
      const caller = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('error' in answer) caller?.reject(new JournalError(answer.error));
      else caller?.resolve(answer.value as never);
    }
  });
  worker.on('error', (error) => {
    fail(new JournalError(`the journal has ended: ${messageOf(error)}`, { cause: error }));
  });
  worker.on('exit', () => fail(new JournalError('the journal has ended')));

  function fail(error: JournalError): void {
    if (failure === undefined) onLost(error);
    failure ??= error;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  }

  function call<Value>(method: keyof SqliteStatements, ...args: unknown[]): Promise<Value> {
    if (failure !== undefined) return Promise.reject(failure);
    nextId += 1;
    const id = nextId;
    return new Promise<Value>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, method, args } satisfies Call);
    });
  }

  return {
    ...writesAndReads(call),
    async close() {
      if (failure !== undefined) return;
      failure = new JournalError('the journal is closed');
      const exit = once(worker, 'exit');
      worker.postMessage('close');
      await exit;
    },
  };
}

/** Everything but the end, as calls of the worker's methods of the same names. */
function writesAndReads(
  call: <Value>(method: keyof SqliteStatements, ...args: unknown[]) => Promise<Value>,
): Omit<Journal, 'close'> {
  return {
    accept: (alerts, at) => call('accept', alerts, at.toISOString()),
    append: (runId, events, change) => call('append', runId, events, change),
    claimStart: (runId, events, plan, actedAtMs) => call('claimStart', runId, events, plan, actedAtMs),
    openNextAttempt: (runId, at) => call('openNextAttempt', runId, at.toISOString()),
    run: (id) => call('run', id),
    newestRun: (fingerprint) => call('newestRun', fingerprint),
    runs: (limit) => call('runs', limit),
    openRuns: () => call('openRuns'),
    pastActions: (query) => call('pastActions', query),
    episodesSince: (atMs) => call('episodesSince', atMs),
    pause: () => call('pause'),
    startPause: (pause) => call('startPause', pause),
    endPause: (at, by) => call('endPause', at.toISOString(), by),
    resumedAtMs: () => call('resumedAtMs'),
    removeEpisodes: (beforeMs, atMost) => call('removeEpisodes', beforeMs, atMost),
    noteStart: (instance, at, sinceMs) => call('noteStart', instance, at.toISOString(), sinceMs),
    noteStop: (instance, at) => call('noteStop', instance, at.toISOString()),
  };
}

async function startWorker(file: string): Promise<Worker> {
  const url = new URL('./sqlite-worker.ts', import.meta.url);
  const worker = new Worker(url, { workerData: file });
  try {
    await once(worker, 'message');
    return worker;
  } catch (cause) {
    throw new JournalError(`the journal ${file} cannot be opened: ${messageOf(cause)}`, { cause });
  }
}
