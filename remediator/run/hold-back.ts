import { freezesOf } from '../decide/freeze.ts';
import type { Decision } from '../decide/decide.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { RunRecord } from './run-record.ts';
import type { Run, RunEvent } from './run.ts';
import { isNews, stop, type Progress } from './stop.ts';
import { weighEvidence, type Weighed } from './weigh-evidence.ts';

/** A decision other than to act. */
type HeldBack = Exclude<Decision, { readonly kind: 'act' }>;

/** Records why nothing is done. Before a person is asked, or it is said what would have been done, Prometheus is asked as before an action. */
export async function holdBack(
  run: Run,
  decision: HeldBack,
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  if (decision.kind === 'stop') return stop(run, record, decision);
  return decision.kind === 'ask'
    ? ask(run, decision, record, dependencies)
    : observe(run, decision, record, dependencies);
}

async function ask(
  run: Run,
  decision: HeldBack & { readonly kind: 'ask' },
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const { plan, reason } = decision;
  const weighed = await weigh(run, decision, dependencies);
  if ('against' in weighed) return stop(run, record, { plan, ...weighed.against });
  record.note('corroborated', { rule: weighed.rule });
  record.note('guarded', { guards: weighed.guards, proof: weighed.proof });
  return stop(run, record, { plan, reason });
}

/**
 * Records what would have been done, as a policy in mode auto does it: once it would have acted that is all, and until then it is decided again at each
 * delivery.
 */
async function observe(
  run: Run,
  decision: HeldBack & { readonly kind: 'observe' },
  record: RunRecord,
  dependencies: RunDependencies,
): Promise<Progress> {
  const { plan, reason, against } = decision;
  const isKnown = !isNews(run, { plan, reason });
  const before = isKnown ? run.events.findLast(({ kind }) => kind === 'would')?.data : undefined;
  if (before?.['act'] === true) return 'done';
  const would = describe(against === undefined ? await weigh(run, decision, dependencies) : { against });
  if (isKnown) {
    const isSame = before?.['reason'] === would['reason'] && before?.['detail'] === would['detail'];
    if (!isSame || would['act'] === true) await record.add('would', would);
    return 'done';
  }
  record.note('would', would);
  return stop(run, record, { plan, reason });
}

function describe(weighed: Weighed): RunEvent['data'] {
  return 'against' in weighed ? { act: false, ...weighed.against } : { act: true, ...weighed };
}

async function weigh(
  { alert }: Run,
  { plan, policy }: HeldBack & { readonly kind: 'ask' | 'observe' },
  { inventory, sharedPrometheus, signal }: RunDependencies,
): Promise<Weighed> {
  const freezes = freezesOf(inventory().freezes, policy.name);
  const weighed = await weighEvidence(alert, plan, policy, freezes, sharedPrometheus);
  signal.throwIfAborted();
  return weighed;
}
