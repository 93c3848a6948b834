import type { Logger } from 'pino';
import { actionsOf } from '../actions.ts';
import { leadsOn, mayTryAgain } from '../decide/next-attempt.ts';
import { owedFor } from '../notify/owed.ts';
import { decideNow } from './decide-now.ts';
import { runPipeline } from './pipeline.ts';
import { lookAtResting } from './rest.ts';
import { createRunRecord, type NewsListener, type RunNews, type RunRecord } from './run-record.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { Run } from './run.ts';
import { settleRun } from './settle.ts';
import { liftSilenceOf } from './silenced.ts';
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
  let news: RunNews | undefined;
  const hear = (told: RunNews): void => {
    news = told;
    onNews(told);
  };
  const record = createRunRecord(run, dependencies.lease.token, {
    journal,
    log,
    tell: hear,
    owedFor: (told) => owedFor(told, inventory()),
    leadsOn: (ended) => leadsOn(ended, inventory().policies),
  });
  const progress = await takeFurther(run, record, dependencies);
  if (news?.isClosed !== true) return { progress };
  if (run.state !== 'waiting')
    await liftSilenceOf(runId, (await journal.run(runId))?.events ?? run.events, dependencies);
  // A further step of the policy does not wait for the alert to be delivered again.
  return { progress: 'done', next: news.next };
}

function takeFurther(run: Run, record: RunRecord, dependencies: RunDependencies): Promise<Progress> {
  if (run.state === 'waiting') return runPipeline(run, record, dependencies);
  return run.state === 'resting'
    ? lookAtResting(run, record, dependencies)
    : settleRun(run, record, dependencies);
}

async function tryAgain(run: Run, dependencies: RunDependencies): Promise<Advance> {
  const { journal, inventory } = dependencies;
  if (!mayTryAgain(run, actionsOf(inventory()), inventory().policies)) return { progress: 'done' };
  const decision = await decideNow(run, dependencies);
  // What a person is to be asked about is an attempt, too.
  if (decision.kind !== 'act' && decision.kind !== 'ask') return { progress: 'done' };
  return { progress: 'done', next: await journal.openNextAttempt(run.id, new Date()) };
}
