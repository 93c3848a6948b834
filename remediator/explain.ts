import { reasonTexts } from './decide/reason-texts.ts';
import type { DecideDependencies } from './run/decide-now.ts';
import { decideNow } from './run/decide-now.ts';
import type { Run } from './run/run.ts';

/** What would be done about a run's alert if it came now, and why. */
export interface Explanation {
  readonly run: string;
  /** What was decided, or came of it, as the run has it. */
  readonly then: string;
  /** What the policies would lead to now; guards and Prometheus are only asked by a run itself. */
  readonly now: string;
}

/** Explains a run. */
export async function explain(run: Run, dependencies: DecideDependencies): Promise<Explanation> {
  const decision = await decideNow(run, dependencies);
  const { reason } = run;
  return {
    run: run.id,
    then: reason === undefined ? `The run is ${run.state}.` : reasonTexts[reason],
    now:
      decision.kind === 'act'
        ? `The policy ${decision.policy.name} would do ${decision.plan.action} for ${decision.plan.target} on ${decision.plan.host}, if its guards hold and Prometheus confirms the alert.`
        : reasonTexts[decision.reason],
  };
}
