import { Worker } from 'node:worker_threads';

/** What the thread is asked. */
export interface Question {
  readonly id: number;
  readonly password: string;
  readonly hash: string;
}

/** What it answers. */
export interface Answer {
  readonly id: number;
  readonly isRight: boolean;
}

/** Says whether a password belongs to a bcrypt hash. */
export type Compare = (password: string, hash: string) => Promise<boolean>;

/** How long the thread, which takes some 20 MB, waits for the next question. */
const IDLE_MS = 10_000;

/**
 * Compares in a thread of its own, one after the other, since each comparison takes a processor for tens of milliseconds. The thread is
 * started when it is needed, anew after it has failed, and ended when nothing was asked for a while; it keeps no process alive.
 */
export function createBcryptThread(idleMs = IDLE_MS): Compare {
  let worker: Worker | undefined;
  let lastId = 0;
  let idle: NodeJS.Timeout | undefined;
  const waiting = new Map<number, PromiseWithResolvers<boolean>>();

  function start(): Worker {
    const started = new Worker(new URL('./bcrypt-worker.ts', import.meta.url));
    const fail = (error: unknown) => {
      // One that was ended for good has nobody waiting.
      if (worker !== started) return;
      worker = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    started.on('message', ({ id, isRight }: Answer) => {
      waiting.get(id)?.resolve(isRight);
      waiting.delete(id);
      if (waiting.size === 0) idle = setTimeout(end, idleMs).unref();
    });
    started.on('error', fail);
    started.on('exit', () => fail(new Error('the thread that checks passwords has ended')));
    // Whoever listens to it holds it again; so this comes last.
    started.unref();
    return started;
  }

  function end(): void {
    void worker?.terminate();
    worker = undefined;
  }

  return (password, hash) => {
    clearTimeout(idle);
    worker ??= start();
    const answer = Promise.withResolvers<boolean>();
    lastId += 1;
    waiting.set(lastId, answer);
    worker.postMessage({ id: lastId, password, hash } satisfies Question);
    return answer.promise;
  };
}
