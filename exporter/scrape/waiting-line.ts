import { RequestError } from '../request-error.ts';

/** Something that needs a place. */
export interface Work<Result> {
  /** What is the same for all who would get the same. */
  readonly key: string;
  /** The time that whoever asks has, waiting included. */
  readonly timeoutMs: number;
  /** Does it in the time that is left. */
  readonly start: (timeoutMs: number) => Promise<Result>;
  /** Called once: the work is done, or all who waited for it have given up. */
  readonly onEnd: () => void;
}

/** Lets so much work go on at once; the rest waits in line for a place, in the order it came. */
export interface WaitingLine<Result> {
  /**
   * Waits together with the same work, where that is still in line: it begins after both have asked. Undefined where there is none, or
   * it has started, or whoever is asking has less time than those who wait for it.
   */
  join(work: Pick<Work<Result>, 'key' | 'timeoutMs'>): Promise<Result> | undefined;
  /** Does the work as soon as there is a place. Rejects with a RequestError where half of its time is over before. */
  add(work: Work<Result>): Promise<Result>;
}

/** Who has waited longer gives up: what is begun with little time left finds things down that are only slow. */
const WAITING_SHARE = 0.5;

interface Waiter<Result> extends PromiseWithResolvers<Result> {
  readonly deadline: number;
  readonly giveUp: NodeJS.Timeout;
}

interface Group<Result> {
  readonly work: Work<Result>;
  readonly waiters: Set<Waiter<Result>>;
}

/** Makes a line for so many places. */
export function createWaitingLine<Result>(places: number): WaitingLine<Result> {
  const line = new Set<Group<Result>>();
  let taken = 0;

  async function run({ start, onEnd }: Work<Result>, timeoutMs: number): Promise<Result> {
    taken += 1;
    try {
      return await start(timeoutMs);
    } finally {
      taken -= 1;
      onEnd();
      startNext();
    }
  }

  function startNext(): void {
    const [group] = line;
    if (group === undefined) return;
    line.delete(group);
    for (const { giveUp } of group.waiters) clearTimeout(giveUp);
    const result = run(group.work, earliestDeadline(group) - performance.now());
    for (const { resolve } of group.waiters) resolve(result);
  }

  function wait(group: Group<Result>, timeoutMs: number): Promise<Result> {
    const promise = Promise.withResolvers<Result>();
    const giveUp = setTimeout(() => {
      group.waiters.delete(waiter);
      if (group.waiters.size === 0) {
        line.delete(group);
        group.work.onEnd();
      }
      const message = `${places} scrapes are under way, and none ended within ${timeoutMs * WAITING_SHARE} ms: ask less often`;
      promise.reject(new RequestError(503, message));
    }, timeoutMs * WAITING_SHARE);
    const waiter = { ...promise, deadline: performance.now() + timeoutMs, giveUp };
    group.waiters.add(waiter);
    return promise.promise;
  }

  return {
    join({ key, timeoutMs }) {
      const deadline = performance.now() + timeoutMs;
      const group = [...line].find(({ work }) => work.key === key);
      return group === undefined || deadline < earliestDeadline(group) ? undefined : wait(group, timeoutMs);
    },
    add(work) {
      if (taken < places) return run(work, work.timeoutMs);
      const group: Group<Result> = { work, waiters: new Set() };
      line.add(group);
      return wait(group, work.timeoutMs);
    },
  };
}

function earliestDeadline<Result>({ waiters }: Group<Result>): number {
  return Math.min(...[...waiters].map(({ deadline }) => deadline));
}
