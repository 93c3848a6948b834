import { actions } from '../actions.ts';
import { approvalAmong } from '../decide/approval.ts';
import { decide, type Decision } from '../decide/decide.ts';
import { MASS_FAILURE_MS } from '../decide/mass-failure.ts';
import type { Run } from './run.ts';
import type { RunDependencies } from './run-dependencies.ts';

/** How long back actions count for cooldowns and limits: as long as any limit's window may be. */
const HISTORY_MS = 366 * 86_400_000;

/** What a decision needs. */
export type DecideDependencies = Pick<RunDependencies, 'journal' | 'inventory'>;

/** Decides about a run's alert on the policies and the history as they are now. */
export async function decideNow(
  { alert, events }: Run,
  { journal, inventory }: DecideDependencies,
): Promise<Decision> {
  const nowMs = Date.now();
  const [history, pause, troubledHosts] = await Promise.all([
    journal.actionsSince(nowMs - HISTORY_MS),
    journal.pause(),
    journal.plannedHostsSince(new Date(nowMs - MASS_FAILURE_MS)),
  ]);
  const approval = approvalAmong(events);
  return decide({ alert, inventory: inventory(), actions, history, pause, troubledHosts, approval, nowMs });
}
