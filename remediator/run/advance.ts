import type { Logger } from 'pino';
import { actionsOf } from '../actions.ts';
import { leadsOn, mayTryAgain } from '../decide/next-attempt.ts';
import { decideNow } from './decide-now.ts';
import { runPipeline } from './pipeline.ts';
import { createRunRecord, type NewsListener } from './run-record.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { Run } from './run.ts';
import { settleRun } from './settle.ts';
import type { Progress } from './stop.ts';

/** How far a run has come, and the next attempt at its episode where one was opened. */
export interface Advance {
  readonly progress: Progress;
  readonly next?: string | undefined;
}

/** Takes a run as far as it can go now, and opens the next attempt where the alert still fires and one is due. */
export async function advance(
  runId: string,
  dependencies: RunDependencies,
  log: Logger,
  onNews: NewsListener,
): Promise<Advance> {
  const { journal, inventory } = dependencies;
  const run = await journal.run(runId);
  if (run === undefined) return { progress: 'done' };
  if (run.state === 'closed') return tryAgain(run, dependencies);
  const news = { isClosed: false };
  const record = createRunRecord(run, dependencies.lease.token, journal, log, (told) => {
    news.isClosed = told.isClosed;
    onNews(told);
  });
  if (run.state !== 'waiting') await settleRun(run, record, dependencies);
  else if ((await runPipeline(run, record, dependencies)) === 'again') return { progress: 'again' };
  if (!news.isClosed) return { progress: 'done' };
  // A further step of the policy does not wait for the alert to be delivered again.
  const ended = await journal.run(runId);
  return ended !== undefined && leadsOn(ended, inventory().policies)
    ? tryAgain(ended, dependencies)
    : { progress: 'done' };
}

async function tryAgain(run: Run, dependencies: RunDependencies): Promise<Advance> {
  const { journal, inventory } = dependencies;
  if (!mayTryAgain(run, actionsOf(inventory()), inventory().policies)) return { progress: 'done' };
  if ((await decideNow(run, dependencies)).kind === 'stop') return { progress: 'done' };
  return { progress: 'done', next: await journal.openNextAttempt(run.id, new Date()) };
}
