import type { Logger } from 'pino';
import { runPipeline, settleRun, type PipelineDependencies } from './run/pipeline.ts';
import type { Run } from './run/run.ts';
import { createRunRecord, type FinishListener } from './run/run-record.ts';

/** Takes open runs forward, each by itself, and never two steps of one run at once. */
export interface Worker {
  /** Looks at a run as soon as nothing else is being done to it. */
  readonly look: (runId: string) => void;
  /** Settles what an earlier process left open. */
  readonly resume: () => Promise<void>;
  /** How many runs are being worked on. */
  readonly active: () => number;
  /** Waits until nothing is being worked on. */
  idle(): Promise<void>;
}

/** Makes the worker. */
export function createWorker(
  dependencies: PipelineDependencies,
  log: Logger,
  onFinish: FinishListener,
): Worker {
  const working = new Map<string, Promise<void>>();
  const again = new Set<string>();

  function look(runId: string): void {
    if (dependencies.signal.aborted) return;
    if (working.has(runId)) {
      again.add(runId);
      return;
    }
    working.set(
      runId,
      work(runId).then(() => done(runId)),
    );
  }

  async function work(runId: string): Promise<void> {
    try {
      const run = await dependencies.journal.run(runId);
      if (run !== undefined && run.state !== 'closed') await advance(run);
    } catch (error) {
      if (dependencies.signal.aborted) return;
      // The run stays open in the journal, and is looked at again at the next delivery or start.
      log.error(
        { run: runId, error: error instanceof Error ? error.message : String(error) },
        'a run was interrupted',
      );
    }
  }

  async function advance(run: Run): Promise<void> {
    const record = createRunRecord(run.id, dependencies.journal, log, onFinish);
    if (run.state === 'waiting') await runPipeline(run, record, dependencies);
    else await settleRun(run, record, dependencies);
  }

  /** A host may be free now, so those that waited for it are looked at again. */
  async function done(runId: string): Promise<void> {
    working.delete(runId);
    if (again.delete(runId)) look(runId);
    const open = await dependencies.journal.openRuns().catch(() => []);
    for (const run of open) if (run.reason === 'host_busy') look(run.id);
  }

  return {
    look,
    async resume() {
      for (const run of await dependencies.journal.openRuns()) look(run.id);
    },
    active: () => working.size,
    async idle() {
      while (working.size > 0) await Promise.all(working.values());
    },
  };
}
