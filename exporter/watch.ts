import { isDeepStrictEqual } from 'node:util';
import { openHost } from '../hosts/open-host.ts';
import type { Host } from '../hosts/host.ts';
import { createLocalHost } from '../hosts/local/local-host.ts';
import type { LoadedInventory } from '../inventory/load.ts';
import { hostSchema } from '../inventory/schema/host.ts';
import { startBackgroundReading, type BackgroundReading, type BackgroundResult } from './background.ts';
import { askHostFacts } from './clients/host-facts.ts';
import { createLocalFactsReader } from './clients/local-facts.ts';
import { readTree, type PermissionCounts } from './collectors/permissions.ts';
import { once } from './once.ts';
import type { HostTarget, SiteTarget } from './target.ts';

/** The whole tree of a site is read this often. */
const TREE_INTERVAL_MS = 15 * 60 * 1000;
/** The id of the machine itself where steward.yml has no host with `local: true`. */
const UNNAMED = 'exporter';

/** Everything that one steward.yml says is to be watched, with connections open and background readings going. */
export interface Watch {
  /** The machine that the exporter runs on. */
  readonly local: HostTarget;
  hostTarget(id: string): HostTarget | undefined;
  siteTarget(id: string): SiteTarget | undefined;
  permissionTreeOf(siteId: string): BackgroundReading<PermissionCounts> | undefined;
  stop(): Promise<void>;
}

/** Hears of a background reading that failed. */
export type BackgroundErrorListener = (collector: string, target: string, error: unknown) => void;

/** Starts to watch what an inventory names. What `before` has read of a site that is still the same counts on. */
export function startWatch(
  { inventory, resolveFile }: LoadedInventory,
  onError: BackgroundErrorListener,
  before?: Watch,
): Watch {
  const readLocalFacts = createLocalFactsReader();
  const hosts = new Map<string, Host>(
    Object.entries(inventory.hosts).map(([id, entry]) => [id, openHost(id, entry, 'read', resolveFile)]),
  );
  const localId = Object.keys(inventory.hosts).find((id) => inventory.hosts[id]?.local === true);

  function siteTarget(id: string): SiteTarget | undefined {
    const entry = inventory.sites[id];
    const host = entry && hosts.get(entry.host);
    return entry && host && { id, entry, host };
  }

  function hostTarget(id: string): HostTarget | undefined {
    const entry = inventory.hosts[id];
    const host = hosts.get(id);
    if (entry === undefined || host === undefined) return undefined;
    return {
      id,
      entry,
      host,
      facts: once((signal) => (host.kind === 'local' ? readLocalFacts() : askHostFacts(host, signal))),
    };
  }

  const trees = new Map(
    Object.keys(inventory.sites).flatMap((id) => {
      const target = siteTarget(id);
      return target === undefined
        ? []
        : [[id, startTree(target, onError, lastTree(before, target))] as const];
    }),
  );

  return {
    get local() {
      return (localId === undefined ? undefined : hostTarget(localId)) ?? unnamedMachine(readLocalFacts);
    },
    hostTarget,
    siteTarget,
    permissionTreeOf: (siteId) => trees.get(siteId),
    async stop() {
      for (const tree of trees.values()) tree.stop();
      await Promise.all([...hosts.values()].map((host) => host.close()));
    },
  };
}

function startTree(
  target: SiteTarget,
  onError: BackgroundErrorListener,
  initial: BackgroundResult<PermissionCounts> | undefined,
): BackgroundReading<PermissionCounts> {
  return startBackgroundReading({
    initial,
    intervalMs: TREE_INTERVAL_MS,
    read: (signal) => readTree(target, signal),
    onError: (error) => onError('permissions', target.id, error),
  });
}

/** Without it each reload would hide the drift deep in a tree until that is read again. */
function lastTree(
  before: Watch | undefined,
  { id, entry }: SiteTarget,
): BackgroundResult<PermissionCounts> | undefined {
  const isSame = isDeepStrictEqual(before?.siteTarget(id)?.entry, entry);
  return isSame ? before?.permissionTreeOf(id)?.latest() : undefined;
}

function unnamedMachine(facts: HostTarget['facts']): HostTarget {
  const entry = hostSchema.parse({ local: true });
  return { id: UNNAMED, entry, host: createLocalHost(UNNAMED, entry.user), facts: once(facts) };
}
