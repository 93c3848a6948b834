import type { Logger } from 'pino';
import { messageOf } from './message-of.ts';
import type { Advance } from './run/advance.ts';
import type { NewsListener } from './run/run-record.ts';
import { advanceUnderLease, type UnleasedDependencies } from './run/under-lease.ts';

/** Takes runs forward, each by itself, and never two steps of one run at once. */
export interface Worker {
  /** Looks at a run as soon as nothing else is being done to it. */
  readonly look: (runId: string) => void;
  /** Settles what an earlier process left open. */
  resume(): Promise<void>;
  /** How many runs are being worked on. */
  active(): number;
  /** Waits until nothing is being worked on. */
  idle(): Promise<void>;
}

/** Who is told what the worker does. */
export interface WorkerListeners {
  readonly onNews: NewsListener;
  /** A run could not go on, because the journal failed or through a fault of this program. */
  readonly onInterruption: () => void;
}

/** After this time a run that was interrupted, or found itself or its host claimed by another process, is looked at again. */
const RETRY_MS = 5000;

/** Makes the worker. */
export function createWorker(
  dependencies: UnleasedDependencies,
  log: Logger,
  listeners: WorkerListeners,
): Worker {
  const { journal, signal } = dependencies;
  const working = new Map<string, Promise<void>>();
  const again = new Set<string>();

  function look(runId: string): void {
    if (signal.aborted) return;
    if (working.has(runId)) {
      again.add(runId);
      return;
    }
    working.set(runId, work(runId));
  }

  async function work(runId: string): Promise<void> {
    const { progress, next } = await advanceUnderLease(runId, dependencies, log, listeners.onNews).catch(
      (error: unknown) => interrupted(runId, error),
    );
    working.delete(runId);
    if (next !== undefined) look(next);
    if (again.delete(runId)) look(runId);
    else if (progress === 'again') setTimeout(look, RETRY_MS, runId).unref();
  }

  /** The run stays open in the journal, as far as it has come. */
  function interrupted(runId: string, error: unknown): Advance {
    if (signal.aborted) return { progress: 'done' };
    listeners.onInterruption();
    log.error({ run: runId, error: messageOf(error) }, 'a run was interrupted, and is looked at again');
    return { progress: 'again' };
  }

  return {
    look,
    async resume() {
      for (const run of await journal.openRuns()) look(run.id);
    },
    active: () => working.size,
    async idle() {
      while (working.size > 0) await Promise.all(working.values());
    },
  };
}
