import { Counter, type Registry } from 'prom-client';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { actionsOf } from '../actions.ts';
import type { Action } from '../actions/action.ts';
import { isDrill } from '../decide/drills.ts';
import type { RunNews } from '../run/run-record.ts';
import type { RunOutcome } from '../run/run.ts';

/** The ends of a run that was started. */
const ends = ['verified', 'failed', 'rolled_back'] as const satisfies readonly RunOutcome[];

/** Counts a run where it was started and is closed. */
export type CountAttempt = (news: Pick<RunNews, 'plan' | 'outcome' | 'isClosed'>) => void;

/**
 * Adds the counter of what policies did to targets. Its labels come from plans, which are made of names in steward.yml alone, whatever an alert
 * says. What a policy in force can do to a target is there before it is done: a series that began with its first run would hide it from
 * increase().
 */
export function addAttemptsCounter(registers: Registry[], inventory: () => Inventory): CountAttempt {
  let known: Inventory | undefined;
  const attempts: Counter<'policy' | 'target' | 'outcome'> = new Counter({
    name: 'steward_remediator_attempts_total',
    help: 'Attempts to heal that are over, by policy, target and outcome: verified, failed or rolled_back.',
    labelNames: ['policy', 'target', 'outcome'],
    registers,
    collect() {
      if (known === inventory()) return;
      known = inventory();
      for (const { policy, target } of reachOf(known)) {
        for (const outcome of ends) attempts.inc({ policy, target, outcome }, 0);
      }
    },
  });
  return ({ plan, outcome, isClosed }) => {
    if (!isClosed || plan === undefined || !ends.some((end) => end === outcome)) return;
    attempts.inc({ policy: plan.policy, target: plan.target, outcome });
  };
}

/** Each policy that may do something, with each target that it may do it to. */
function reachOf(inventory: Inventory): { policy: string; target: string }[] {
  const actions = actionsOf(inventory);
  return inventory.policies
    .filter((policy) => policy.mode !== 'observe' && !isDrill(policy))
    .flatMap(({ name, action, then }) => {
      const steps = [action, ...then.map((step) => step.action)];
      const kinds = new Set(steps.map((step) => actions.get(step)?.target));
      const targets = [...kinds].flatMap((kind) => (kind === undefined ? [] : targetsOf(kind, inventory)));
      return targets.map((target) => ({ policy: name, target }));
    });
}

function targetsOf(kind: Action['target'], { sites, hosts, bots }: Inventory): string[] {
  if (kind === 'bot') return Object.keys(bots).filter((id) => bots[id]?.kind === 'freqtrade');
  return Object.keys(kind === 'site' ? sites : hosts);
}
