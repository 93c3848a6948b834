import { createHash } from 'node:crypto';
import type { Plan, RunEvent } from '../run/run.ts';

/** How long an approval counts: what was true when a person looked may not be later. */
const APPROVAL_MS = 15 * 60_000;

/** What a person said to a run: yes to one plan for a while, or no. */
export type Approval =
  | { readonly kind: 'approved'; readonly planHash: string; readonly untilMs: number }
  | { readonly kind: 'denied' };

/** What stands for a plan in an approval: whoever says yes to one has not said yes to another. */
export function planHash({ policy, revision, action, target, host, parameters }: Plan): string {
  const sorted = Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([policy, revision, action, target, host, sorted]))
    .digest('hex');
}

/** The event that records an approval. */
export function approvedEvent(hash: string, by: string, nowMs: number): RunEvent {
  const data = { plan: hash, by, untilMs: nowMs + APPROVAL_MS };
  return { at: new Date(nowMs).toISOString(), kind: 'approved', data };
}

/** What was said last, among the events of a run. A run acts once at most, so that a yes is used once at most. */
export function approvalAmong(events: readonly RunEvent[]): Approval | undefined {
  const last = events.findLast(({ kind }) => kind === 'approved' || kind === 'denied');
  if (last?.kind === 'denied') return { kind: 'denied' };
  const data = last?.data;
  const hash = data?.['plan'];
  const untilMs = data?.['untilMs'];
  return typeof hash === 'string' && typeof untilMs === 'number'
    ? { kind: 'approved', planHash: hash, untilMs }
    : undefined;
}

/** Whether an approval is for this plan, and still counts. */
export function isApproved(plan: Plan, approval: Approval | undefined, nowMs: number): boolean {
  return approval?.kind === 'approved' && approval.planHash === planHash(plan) && nowMs < approval.untilMs;
}
