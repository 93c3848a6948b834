import { reasonTexts } from './decide/reason-texts.ts';
import type { DecideDependencies } from './run/decide-now.ts';
import { decideNow } from './run/decide-now.ts';
import type { Plan, Reason, Run, RunEvent } from './run/run.ts';

/** What would be done about a run's alert if it came now, and why. */
export interface Explanation {
  readonly run: string;
  /** The alert's name, and what it is about. */
  readonly alert: string;
  /** What the run does, or would do; null where no policy leads to anything. */
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
  const decision = await decideNow(run, dependencies);
  const { alert, plan, reason, events } = run;
  const { alertname = '', instance = '' } = alert.labels;
  return {
    run: run.id,
    alert: `${alertname} ${instance}`.trim(),
    plan: plan === undefined ? null : describePlan(plan),
    then: reason === undefined ? `The run is ${run.state}.` : textOf(reason, detailOf(events)),
    guards: guardsOf(events),
    now:
      decision.kind === 'act'
        ? `${describePlan(decision.plan)}, if its guards hold and Prometheus confirms the alert.`
        : textOf(decision.reason, 'detail' in decision ? decision.detail : undefined),
  };
}

function describePlan({ policy, action, target, host, parameters }: Plan): string {
  const values = Object.entries(parameters).map(([name, value]) => ` ${name}=${value}`);
  return `The policy ${policy} would do ${action}${values.join('')} for ${target} on ${host}`;
}

function textOf(reason: Reason, detail: unknown): string {
  return typeof detail === 'string' ? `${reasonTexts[reason]} (${detail})` : reasonTexts[reason];
}

/** What was said of the reason that the run has now. */
function detailOf(events: readonly RunEvent[]): unknown {
  return events.findLast(({ kind }) => kind === 'blocked' || kind === 'finished')?.data['detail'];
}

function guardsOf(events: readonly RunEvent[]): readonly unknown[] {
  const guards = events.findLast(({ data }) => Array.isArray(data['guards']))?.data['guards'];
  return Array.isArray(guards) ? guards : [];
}
