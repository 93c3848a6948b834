import type { Logger } from 'pino';
import { actions } from './actions.ts';
import { mayTryAgain } from './decide/next-attempt.ts';
import { messageOf } from './message-of.ts';
import { decideNow } from './run/decide-now.ts';
import { runPipeline, settleRun, type Progress } from './run/pipeline.ts';
import type { Run } from './run/run.ts';
import type { RunDependencies } from './run/run-dependencies.ts';
import { createRunRecord, type NewsListener } from './run/run-record.ts';

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

/** After this time a run that was interrupted, or found its host claimed by another process, is looked at again. */
const RETRY_MS = 5000;

/** Makes the worker. */
export function createWorker(dependencies: RunDependencies, log: Logger, listeners: WorkerListeners): Worker {
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
    const progress = await advance(runId).catch((error: unknown) => interrupted(runId, error));
    working.delete(runId);
    if (again.delete(runId)) look(runId);
    else if (progress === 'again') setTimeout(look, RETRY_MS, runId).unref();
  }

  /** The run stays open in the journal, as far as it has come. */
  function interrupted(runId: string, error: unknown): Progress {
    if (signal.aborted) return 'done';
    listeners.onInterruption();
    log.error({ run: runId, error: messageOf(error) }, 'a run was interrupted, and is looked at again');
    return 'again';
  }

  async function advance(runId: string): Promise<Progress> {
    const run = await journal.run(runId);
    if (run === undefined) return 'done';
    if (run.state === 'closed') return tryAgain(run);
    const record = createRunRecord(run, journal, log, listeners.onNews);
    return run.state === 'waiting'
      ? runPipeline(run, record, dependencies)
      : settleRun(run, record, dependencies);
  }

  async function tryAgain(run: Run): Promise<Progress> {
    if (!mayTryAgain(run, actions)) return 'done';
    if ((await decideNow(run, dependencies)).kind === 'stop') return 'done';
    const next = await journal.openNextAttempt(run.id, new Date());
    if (next !== undefined) look(next);
    return 'done';
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
