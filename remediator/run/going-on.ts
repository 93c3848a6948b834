import type { Alert } from '../alerts/alert.ts';
import { freezeByClock, freezesOf } from '../decide/freeze.ts';
import { isPaused } from '../pause.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { Plan, Reason } from './run.ts';
import { weighEvidence } from './weigh-evidence.ts';

/**
 * What speaks now against going on with a run after a wait, hours after it was decided; undefined where nothing does. Cooldown and limit are not asked:
 * they count this very run.
 */
export async function whatHoldsRest(
  alert: Alert,
  plan: Plan,
  { inventory, journal, prometheus, signal }: RunDependencies,
): Promise<Reason | undefined> {
  const { policies, freezes: all } = inventory();
  const policy = policies.find(({ name }) => name === plan.policy);
  if (policy === undefined) return 'no_policy';
  if (policy.mode === 'observe') return 'mode_observe';
  const nowMs = Date.now();
  if (isPaused(await journal.pause(), nowMs)) return 'paused';
  const freezes = freezesOf(all, policy.name);
  if (freezeByClock(freezes, nowMs) !== undefined) return 'frozen';
  const weighed = await weighEvidence(alert, plan, policy, freezes, prometheus);
  signal.throwIfAborted();
  return 'against' in weighed ? weighed.against.reason : undefined;
}
