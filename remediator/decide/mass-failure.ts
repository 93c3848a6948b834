import type { Inventory } from '../../inventory/schema/inventory.ts';
import { isDrill } from './drills.ts';
import type { Episode } from '../store/journal.ts';
import { policyFor } from './planned.ts';

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
  readonly nowMs: number;
}

/**
 * Until when automatic action is held back at the latest, in milliseconds since the epoch, where trouble came from so many hosts at once that the cause is
 * likely outside of them, such as a network or a deployment; undefined where it did not. It is counted in hosts, since one host that fails has many alerts.
 * Those that have ended count as long as what comes together with them, and those from before somebody said to go on do not.
 */
export function massFailureUntilMs({
  episodes,
  resumedAtMs = 0,
  inventory,
  nowMs,
}: Known): number | undefined {
  const least = Math.max(LEAST_HOSTS, Math.ceil(Object.keys(inventory.hosts).length * SHARE_OF_HOSTS));
  const lasting = episodes.filter(
    ({ isFiring, acceptedAtMs }) =>
      acceptedAtMs >= resumedAtMs && (isFiring || nowMs - acceptedAtMs < TOGETHER_MS),
  );
  const troubles = lasting.flatMap((episode) => {
    const host = hostInTrouble(episode, inventory);
    return host === undefined ? [] : [{ host, atMs: episode.acceptedAtMs }];
  });
  const lastMs = lastTogetherMs(troubles, least);
  return lastMs === undefined ? undefined : lastMs + MASS_FAILURE_MS;
}

/** When so many hosts were last in trouble together. Goes through what is ordered by time once, however much there is. */
function lastTogetherMs(
  troubles: readonly { readonly host: string; readonly atMs: number }[],
  least: number,
): number | undefined {
  const counts = new Map<string, number>();
  let lastMs: number | undefined;
  let first = 0;
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
    if (counts.size >= least) lastMs = atMs;
  }
  return lastMs;
}

/** What pages people, in the shipped rules and in most others. */
const PAGES: ReadonlySet<string | undefined> = new Set(['page', 'critical']);

/**
 * The host that an alert is about, where it pages people, or a policy answers it, in whatever mode. What is only to be noted comes on many hosts at once with
 * no fault anywhere: an update that waits does, and a drill that is due.
 */
function hostInTrouble({ labels }: Episode, inventory: Inventory): string | undefined {
  const policy = policyFor(labels, inventory.policies);
  const isTrouble = PAGES.has(labels['severity']) || (policy !== undefined && !isDrill(policy));
  return isTrouble ? hostOf(labels['instance'] ?? '', inventory) : undefined;
}

function hostOf(id: string, { hosts, sites, bots, jobs }: Inventory): string | undefined {
  if (Object.hasOwn(hosts, id)) return id;
  for (const section of [sites, bots, jobs]) {
    if (Object.hasOwn(section, id)) return section[id]?.host;
  }
  return undefined;
}
