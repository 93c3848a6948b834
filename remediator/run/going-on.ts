import { approvalAmong } from '../decide/approval.ts';
import { freezeByClock, freezesOf } from '../decide/freeze.ts';
import { MASS_FAILURE_MS, massFailureUntilMs } from '../decide/mass-failure.ts';
import { isPaused } from '../pause.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { Plan, Reason, Run } from './run.ts';
import { weighEvidence } from './weigh-evidence.ts';

/**
 * What speaks now against going on with a run after a wait, hours after it was decided; undefined where nothing does. Cooldown and limit are not asked:
 * they count this very run.
 */
export async function whatHoldsRest(
  run: Pick<Run, 'alert' | 'events'>,
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
  // What a person has approved goes on, as it would begin.
  const isApproved = approvalAmong(run.events) !== undefined;
  if (!isApproved && (await isMassFailure(nowMs, { inventory, journal }))) return 'mass_failure';
  const weighed = await weighEvidence(run.alert, plan, policy, freezes, prometheus);
  signal.throwIfAborted();
  return 'against' in weighed ? weighed.against.reason : undefined;
}

async function isMassFailure(
  nowMs: number,
  { inventory, journal }: Pick<RunDependencies, 'inventory' | 'journal'>,
): Promise<boolean> {
  const [episodes, resumedAtMs] = await Promise.all([
    journal.episodesSince(nowMs - MASS_FAILURE_MS),
    journal.resumedAtMs(),
  ]);
  return massFailureUntilMs({ episodes, resumedAtMs, inventory: inventory(), nowMs }) !== undefined;
}
