import { actions } from '../../../remediator/actions.ts';
import { decide, type Decision, type DecisionInput } from '../../../remediator/decide/decide.ts';
import { policyRevision } from '../../../remediator/decide/policy-revision.ts';
import type { Policy } from '../../../inventory/schema/policy.ts';
import type { Plan } from '../../../remediator/run/run.ts';
import type { PastAction } from '../../../remediator/store/journal.ts';
import { makeAlert } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';

export const MINUTE = 60_000;
/** When the tests decide. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');
/** What the policy of the test's site leads to. */
export const forSite: Plan = {
  policy: 'fix',
  revision: policyRevision(firstPolicy(), {}),
  stage: 0,
  action: 'wordpress.fix-permissions',
  target: 'blog',
  host: 'web1',
  parameters: {},
};

function firstPolicy(): Policy {
  const [policy] = makeInventory().policies;
  if (policy === undefined) throw new Error('the inventory of the tests has no policy');
  return policy;
}

/** Decides about an alert with these labels that came just now, on the test's inventory and an empty past. */
export function decideOn(labels: Record<string, string>, change: Partial<DecisionInput> = {}): Decision {
  return decide({
    alert: makeAlert(labels),
    run: { id: 'this', acceptedAtMs: NOW },
    inventory: makeInventory(),
    actions,
    history: [],
    episodes: [],
    openRuns: [],
    nowMs: NOW,
    ...change,
  });
}

/** An action of the past, for the same alert, with changes to its plan. It was verified. */
export function acted(
  minutesAgo: number,
  plan: Partial<Plan> = {},
  change: Partial<PastAction> = {},
): PastAction {
  return {
    runId: 'other',
    fingerprint: makeAlert().fingerprint,
    plan: { ...forSite, ...plan },
    atMs: NOW - minutesAgo * MINUTE,
    outcome: 'verified',
    reason: 'verified',
    ...change,
  };
}

/** An action of the past that failed. */
export function failed(
  minutesAgo: number,
  change: Partial<PastAction> = {},
  plan: Partial<Plan> = {},
): PastAction {
  return acted(minutesAgo, plan, { outcome: 'failed', reason: 'not_verified', ...change });
}
