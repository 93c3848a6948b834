import { hasDoneNothing } from '../decide/past-actions.ts';
import { reasonTexts } from '../decide/reason-texts.ts';
import type { DecideDependencies } from '../run/decide-now.ts';
import { decideNow } from '../run/decide-now.ts';
import type { Plan, Reason, Run, RunEvent } from '../run/run.ts';

/** What would be done about a run's alert if it came now, and why. */
export interface Explanation {
  /** Null where no run of it is known. */
  readonly run: string | null;
  /** The alert's name, and what it is about. */
  readonly alert: string;
  /** What the run did, does or would do; null where no policy leads to anything. */
  readonly plan: string | null;
  /** What was decided, or came of it, as the run has it. */
  readonly then: string;
  /** The guards that were asked last, each with what Prometheus returned. */
  readonly guards: readonly unknown[];
  /** What the policies would lead to now; guards and Prometheus are only asked by a run itself. */
  readonly now: string;
}

/** Explains a run. */
export async function explain(run: Run, dependencies: DecideDependencies): Promise<Explanation> {
  const { alert, plan, reason, events } = run;
  return {
    run: run.id,
    alert: nameOf(alert.labels),
    plan: plan === undefined ? null : describePlan(plan, verbOf(run)),
    then: reason === undefined ? `The run is ${run.state}.` : textOf(reason, detailOf(run)),
    guards: guardsOf(events),
    now: await explainNow(run, dependencies),
  };
}

/** Says what the policies lead to now. */
export async function explainNow(run: Run, dependencies: DecideDependencies): Promise<string> {
  const decision = await decideNow(run, dependencies);
  return decision.kind === 'act'
    ? `${describePlan(decision.plan, 'would do')}, if its guards hold and Prometheus confirms the alert.`
    : textOf(decision.reason, 'detail' in decision ? decision.detail : undefined);
}

/** An alert's name, and what it is about. */
export function nameOf({ alertname = '', instance = '' }: Run['alert']['labels']): string {
  return `${alertname} ${instance}`.trim();
}

function describePlan({ policy, action, target, host, parameters }: Plan, verb: string): string {
  const values = Object.entries(parameters).map(([name, value]) => ` ${name}=${value}`);
  return `The policy ${policy} ${verb} ${action}${values.join('')} for ${target} on ${host}`;
}

function verbOf({ state, actedAtMs, reason }: Run): string {
  if (actedAtMs === undefined) return 'would do';
  if (state !== 'closed') return 'has begun to do';
  return hasDoneNothing({ reason }) ? 'was about to do' : 'did';
}

function textOf(reason: Reason, detail: unknown): string {
  return typeof detail === 'string' ? `${reasonTexts[reason]} (${detail})` : reasonTexts[reason];
}

/** What was said of the reason that the run has now. Where its alert ended while it was held back, that was said before its end. */
function detailOf({ events, reason }: Run): unknown {
  const told = events.filter(
    ({ kind, data }) => (kind === 'blocked' || kind === 'finished') && data['reason'] === reason,
  );
  const end = told.find(({ kind }) => kind === 'finished')?.data['detail'];
  return end ?? told.findLast(({ kind }) => kind === 'blocked')?.data['detail'];
}

function guardsOf(events: readonly RunEvent[]): readonly unknown[] {
  const guards = events.findLast(({ data }) => Array.isArray(data['guards']))?.data['guards'];
  return Array.isArray(guards) ? guards : [];
}
