import type { Run } from '../run/run.ts';
import type { Journal } from '../store/journal.ts';

const DAY_MS = 86_400_000;

/** The newest runs, and those that need a person, however many came after them; the newest of each first. */
export interface LatestRuns {
  readonly latest: readonly Run[];
  readonly needPeople: readonly Run[];
}

/** Reads the newest runs, so many at the most, and those that need a person. */
export async function latestRuns(
  journal: Pick<Journal, 'runs' | 'openRuns'>,
  limit: number,
  nowMs: number,
): Promise<LatestRuns> {
  const [latest, open] = await Promise.all([journal.runs(limit), journal.openRuns()]);
  const failed = latest.filter((run) => hasFailedLately(run, nowMs));
  const needPeople = [...open.filter(isHeldBack), ...failed];
  return {
    latest,
    needPeople: needPeople.toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1)),
  };
}

/** An alert that nothing is done about. What no policy is for is told by its own alert. */
function isHeldBack({ state, outcome }: Run): boolean {
  return state !== 'closed' && (outcome === 'blocked' || outcome === 'awaiting_approval');
}

function hasFailedLately({ state, outcome, createdAt }: Run, nowMs: number): boolean {
  const isFailure = state === 'closed' && (outcome === 'failed' || outcome === 'rolled_back');
  return isFailure && nowMs - Date.parse(createdAt) < DAY_MS;
}
