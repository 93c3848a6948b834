import { planHash } from '../decide/approval.ts';
import type { RunRecord } from './run-record.ts';
import type { Plan, Reason, Run, RunOutcome } from './run.ts';

/** Whether a run has gone as far as it can, or should be looked at again in a while. */
export type Progress = 'done' | 'again';

/** Why a run stops before it acts. */
export interface Stop {
  readonly reason: Reason;
  readonly plan?: Plan;
  readonly detail?: string;
}

/** So long what an alert stands on may be on its way to a store, which has it some seconds after the Prometheus that the alert is of. */
const ON_ITS_WAY_MS = 30_000;

/**
 * What is blocked stays open while the alert fires, and is told once for each reason and plan: who was asked about another plan is asked again. When the
 * alert ends, that stays its outcome.
 */
export async function stop(run: Run, record: RunRecord, why: Stop): Promise<Progress> {
  const { reason, plan, detail } = why;
  if (reason === 'alert_resolved') await closeUnacted(run, record);
  else if (reason === 'denied') await record.finish('denied', 'denied', plan);
  else if (isNews(run, why)) await record.block(outcomeOfStop(reason), reason, plan, detail);
  else if (detail !== detailOf(run)) await record.add('blocked', { reason, detail });
  return mayPassByItself(run, reason) ? 'again' : 'done';
}

/** Whether what a run is stopped by may be over soon, and no delivery tells of that. */
function mayPassByItself({ createdAt }: Run, reason: Reason): boolean {
  const isYoung = Date.now() - Date.parse(createdAt) < ON_ITS_WAY_MS;
  return reason === 'waits_for_policy' || (reason === 'not_corroborated' && isYoung);
}

/** Whether a stop is another than the one that a run has: for another reason, or of another plan. */
export function isNews(run: Run, { reason, plan }: Stop): boolean {
  if (run.reason !== reason) return true;
  return plan !== undefined && (run.plan === undefined || planHash(run.plan) !== planHash(plan));
}

/** What was said of the reason that a run has. */
function detailOf({ events }: Run): unknown {
  return events.findLast(({ kind }) => kind === 'blocked')?.data['detail'];
}

function outcomeOfStop(reason: Reason): RunOutcome {
  if (reason === 'no_policy') return 'no_policy';
  return reason === 'mode_needs_approval' ? 'awaiting_approval' : 'blocked';
}

async function closeUnacted(run: Run, record: RunRecord): Promise<void> {
  if (run.outcome === 'awaiting_approval') return record.finish('expired', 'alert_resolved');
  await record.finish(run.outcome ?? 'blocked', run.reason ?? 'alert_resolved');
}
