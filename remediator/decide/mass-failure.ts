import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Action } from '../actions/action.ts';
import type { Episode } from '../store/journal.ts';
import { planFor, policyFor } from './planned.ts';

/** Alerts that come together within this time count together. */
const TOGETHER_MS = 5 * 60_000;

/** How long a mass failure holds automatic action back while its alerts go on. */
export const MASS_FAILURE_MS = 6 * 3_600_000;

/** On fewer hosts several things may well break by themselves. */
const LEAST_HOSTS = 3;
/** Where there are many hosts, as many as this share of them. */
const SHARE_OF_HOSTS = 0.1;

/** What it is told from. */
interface Known {
  readonly episodes: readonly Episode[];
  readonly resumedAtMs?: number | undefined;
  readonly inventory: Inventory;
  readonly actions: ReadonlyMap<string, Action>;
  readonly nowMs: number;
}

/**
 * Whether alerts that would be acted on by themselves came from so many hosts at once that the cause is likely outside of them, such as a network or
 * a deployment. It is counted in hosts, since one host that fails has many alerts. Those that have ended count as long as what comes together with them, and
 * those from before somebody said to go on do not.
 */
export function isMassFailure({ episodes, resumedAtMs = 0, inventory, actions, nowMs }: Known): boolean {
  const least = Math.max(LEAST_HOSTS, Math.ceil(Object.keys(inventory.hosts).length * SHARE_OF_HOSTS));
  const lasting = episodes.filter(
    ({ isFiring, acceptedAtMs }) =>
      acceptedAtMs >= resumedAtMs && (isFiring || nowMs - acceptedAtMs < TOGETHER_MS),
  );
  const troubles = lasting.flatMap((episode) => {
    const host = hostToActOn(episode, inventory, actions);
    return host === undefined ? [] : [{ host, atMs: episode.acceptedAtMs }];
  });
  return mostHostsTogether(troubles) >= least;
}

/** Goes through what is ordered by time once, however much there is. */
function mostHostsTogether(troubles: readonly { readonly host: string; readonly atMs: number }[]): number {
  const counts = new Map<string, number>();
  let [most, first] = [0, 0];
  for (const { host, atMs } of troubles) {
    counts.set(host, (counts.get(host) ?? 0) + 1);
    for (
      let old = troubles[first];
      old !== undefined && atMs - old.atMs >= TOGETHER_MS;
      old = troubles[first]
    ) {
      first += 1;
      const left = (counts.get(old.host) ?? 0) - 1;
      if (left === 0) counts.delete(old.host);
      else counts.set(old.host, left);
    }
    most = Math.max(most, counts.size);
  }
  return most;
}

/** The host that an alert's policy may act on without being asked. */
function hostToActOn(
  { labels }: Episode,
  inventory: Inventory,
  actions: ReadonlyMap<string, Action>,
): string | undefined {
  const policy = policyFor(labels, inventory.policies);
  if (policy === undefined || policy.mode === 'observe' || policy.mode === 'approve') return undefined;
  const planned = planFor(policy, 0, { labels }, inventory, actions);
  return 'plan' in planned ? planned.plan.host : undefined;
}
