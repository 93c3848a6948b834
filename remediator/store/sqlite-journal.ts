import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../message-of.ts';
import { forOneProcess, type UnsharedJournal } from './for-one-process.ts';
import { JournalError } from './journal-error.ts';
import type { Journal } from './journal.ts';
import type { SqliteEpisodes } from './sqlite-episodes.ts';
import type { SqliteMessages } from './sqlite-messages.ts';
import type { SqliteStatements } from './sqlite-statements.ts';

/** What the worker can be asked for. */
type Method = keyof SqliteStatements | keyof SqliteEpisodes | keyof SqliteMessages;

/** A call of the worker. */
export interface Call {
  readonly id: number;
  readonly method: Method;
  readonly args: unknown[];
}

/** The worker's answer to a call. */
export type Answer =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

/** What the worker is started with. */
export interface WorkerOptions {
  readonly file: string;
  /** How large the ballast is; 0 for none. */
  readonly ballastBytes: number;
}

/** What the worker posts: answers, the size of the ballast, or that it is ready. */
type Message = readonly Answer[] | number | 'ready';

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Opens the journal in a file, with the database in a worker thread: a commit waits for the disk there. Rejects with a JournalError
 * where the file cannot be opened. `onLost` hears when the thread ends by itself; nothing can be written after that. With a ballast, a file
 * of that size stands beside the journal, and is given up where the disk is full; `onBallast` hears of its size at the start, and when it changes.
 */
export async function openSqliteJournal(
  file: string,
  onLost: (error: JournalError) => void,
  ballastBytes = 0,
  onBallast: (bytes: number) => void = () => undefined,
): Promise<Journal> {
  let ballast = 0;
  const worker = await startWorker({ file, ballastBytes }, (bytes) => {
    ballast = bytes;
    if (ballastBytes > 0) onBallast(bytes);
  });
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let failure: JournalError | undefined;

  worker.on('message', (message: Message) => {
    for (const answer of typeof message === 'object' ? message : []) {
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

  function call<Value>(method: Method, ...args: unknown[]): Promise<Value> {
    if (failure !== undefined) return Promise.reject(failure);
    nextId += 1;
    const id = nextId;
    return new Promise<Value>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, method, args } satisfies Call);
    });
  }

  return forOneProcess({
    ...writesAndReads(call),
    ...(ballastBytes > 0 ? { ballastBytes: () => ballast } : {}),
    async close() {
      if (failure !== undefined) return;
      failure = new JournalError('the journal is closed');
      const exit = once(worker, 'exit');
      worker.postMessage('close');
      await exit;
    },
  });
}

/** Everything but the end, as calls of the worker's methods of the same names. */
function writesAndReads(
  call: <Value>(method: Method, ...args: unknown[]) => Promise<Value>,
): Omit<UnsharedJournal, 'close'> {
  return {
    accept: (alerts, at) => call('accept', alerts, at.toISOString()),
    append: (runId, events, change) => call('append', runId, events, change),
    claimStart: (runId, events, plan, actedAtMs) => call('claimStart', runId, events, plan, actedAtMs),
    reclaim: (runId, events, claim, atMs) => call('reclaim', runId, events, claim, atMs),
    closeAndOpenNext: (runId, events, change, at) =>
      call('closeAndOpenNext', runId, events, change, at.toISOString()),
    answer: (runId, answer, at) => call('answer', runId, answer, at.getTime()),
    unseenRuns: (beforeMs) => call('unseenRuns', beforeMs),
    endUnseen: (runId, beforeMs, at) => call('endUnseen', runId, beforeMs, at.toISOString()),
    openNextAttempt: (runId, at) => call('openNextAttempt', runId, at.toISOString()),
    run: (id) => call('run', id),
    firstDeliveredAtMs: ({ alert, attempt }) => call('firstDeliveredAtMs', alert, attempt),
    newestRun: (fingerprint) => call('newestRun', fingerprint),
    runs: (limit) => call('runs', limit),
    openRuns: () => call('openRuns'),
    pastActions: (query) => call('pastActions', query),
    episodesSince: (atMs) => call('episodesSince', atMs),
    pause: () => call('pause'),
    startPause: (pause, owes) => call('startPause', pause, owes),
    endPause: (at, by) => call('endPause', at.toISOString(), by),
    countAwaitingApproval: () => call('countAwaitingApproval'),
    takeOwed: (atMost, forMs) => call('takeOwed', atMost, forMs),
    putOff: (messageId, forMs) => call('putOff', messageId, forMs),
    noteTold: (messageId) => call('noteTold', messageId),
    countOwed: () => call('countOwed'),
    alertsInHand: (provedSinceMs) => call('alertsInHand', provedSinceMs),
    lastActions: (action, hosts) => call('lastActions', action, hosts),
    resumedAtMs: () => call('resumedAtMs'),
    removeEpisodes: (beforeMs, atMost) => call('removeEpisodes', beforeMs, atMost),
    noteStart: (instance, at, sinceMs) => call('noteStart', instance, at.toISOString(), sinceMs),
    noteStop: (instance, at) => call('noteStop', instance, at.toISOString()),
  };
}

async function startWorker(options: WorkerOptions, onBallast: (bytes: number) => void): Promise<Worker> {
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), { workerData: options });
  worker.on('message', (message: Message) => {
    if (typeof message === 'number') onBallast(message);
  });
  try {
    await untilReady(worker);
    return worker;
  } catch (cause) {
    throw new JournalError(`the journal ${options.file} cannot be opened: ${messageOf(cause)}`, { cause });
  }
}

function untilReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', function hear(message: Message) {
      if (message !== 'ready') return;
      worker.off('error', reject);
      worker.off('message', hear);
      resolve();
    });
  });
}
