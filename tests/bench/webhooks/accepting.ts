import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { atLeast, atMost, quantile, type Figure } from '../figure.ts';
import { residentMegabytes } from '../memory.ts';
import type { Load } from './load.ts';
import { startOurs, startTheirs, untilQuiet, type Receiver } from './receivers.ts';
import { answeredPerSecond, sendLoad } from './send-load.ts';

const ROUNDS = 5;
const A_ROUND = 8000;
const CONNECTIONS = 32;
const PACE = 2000;
const PACED_SECONDS = 10;
const WARM_UP = 3000;

type Progress = (line: string) => void;

/**
 * Webhooks with one new alert each. Ours checks the token, validates, searches for the episode, commits, answers, and then decides and records that
 * no policy is for it. Debian's `webhook` checks the token, answers, and then runs `true`. They take turns. What counts is the time until
 * nothing is left to do, since an answer that comes before the work says nothing of how much can be done. Then ours at a fixed pace.
 */
export async function measureAccepting(folder: string, progress: Progress): Promise<Figure[]> {
  await using started = new AsyncDisposableStack();
  await mkdir(join(folder, 'accepting'));
  const ours = await startOurs(join(folder, 'accepting'), {});
  started.defer(() => ours.process.stop());
  await untilQuiet(ours.process);
  const idle = await residentMegabytes(ours.process.pid);
  const theirs = await startTheirs(folder);
  started.defer(() => theirs.process.stop());

  const [our, their] = [numberedLoads(ours), numberedLoads(theirs)];
  for (const send of [our, their]) await send({ requests: WARM_UP });
  const rounds: (readonly [Round, Round])[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const pair = [await our({ requests: A_ROUND }), await their({ requests: A_ROUND })] as const;
    progress(`round ${round}: ${describe(pair[0])}; webhook ${describe(pair[1])}`);
    rounds.push(pair);
  }
  const [done, theirDone] = [0, 1].map((who) =>
    quantile(
      rounds.map((pair) => pair[who]?.donePerSecond ?? 0),
      0.5,
    ),
  );
  const paced = await our({ requests: PACE * PACED_SECONDS, perSecond: PACE });
  progress(`at ${PACE} a second: ${describe(paced)}; ${JSON.stringify(paced.result)}`);
  return [
    atLeast("webhooks done, beside Debian's webhook", 'ratio', 2, (done ?? 0) / (theirDone ?? 0), ROUNDS),
    atLeast(`webhooks a second, of ${PACE} that were due`, 'count', PACE * 0.95, paced.answeredPerSecond, 1),
    atMost(`answer at ${PACE} a second, p99`, 'ms', 20, paced.result.p99, PACE * PACED_SECONDS),
    atMost('memory, idle', 'MB', 110, idle, 1),
  ];
}

interface Round {
  readonly answeredPerSecond: number;
  readonly donePerSecond: number;
  readonly result: Awaited<ReturnType<typeof sendLoad>>;
}

/** Sends load after load to one receiver, each alert in it a new one. */
function numberedLoads(receiver: Receiver): (change: Partial<Load> & { requests: number }) => Promise<Round> {
  let first = 0;
  return async (change) => {
    const load = { ...receiver.address, connections: CONNECTIONS, seconds: 120, perSecond: 0, first };
    const result = await sendLoad({ ...load, distinct: change.requests, ...change }, receiver.status);
    const answeredAt = performance.now();
    const doneAt = await untilQuiet(receiver.process);
    first += change.requests;
    const donePerSecond = change.requests / (result.seconds + Math.max(0, doneAt - answeredAt) / 1000);
    return { answeredPerSecond: answeredPerSecond(result), donePerSecond, result };
  };
}

function describe({ answeredPerSecond: answered, donePerSecond: done, result: { p99 } }: Round): string {
  return `${answered.toFixed(0)} answered and ${done.toFixed(0)} done a second, p99 ${p99.toFixed(1)} ms`;
}
