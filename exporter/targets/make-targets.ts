import { openHost } from '../../hosts/open-host.ts';
import type { Host } from '../../hosts/host.ts';
import { createLocalHost } from '../../hosts/local/local-host.ts';
import type { LoadedInventory } from '../../inventory/load.ts';
import { hostSeenHere, isSeenHere } from '../../inventory/own-machine.ts';
import type { BotEntry } from '../../inventory/schema/bot.ts';
import type { HostEntry } from '../../inventory/schema/host.ts';
import type { JobEntry } from '../../inventory/schema/job.ts';
import type { SiteEntry } from '../../inventory/schema/site.ts';
import { readSecret } from '../../inventory/secret.ts';
import { askHostFacts } from '../clients/host-facts.ts';
import { createLocalFactsReader } from '../clients/local-facts.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { once } from '../scrape/once.ts';
import type { BotTarget, HostTarget, JobTarget, SiteTarget } from './target.ts';

/** Makes the targets of scrapes and readings, over connections that they share. */
export interface TargetMaker {
  host(id: string, entry: HostEntry): HostTarget;
  /** The exporter's own machine, where steward.yml does not name it. */
  unnamedHost(id: string, entry: HostEntry): HostTarget;
  site(id: string, entry: SiteEntry): SiteTarget;
  bot(id: string, entry: BotEntry): BotTarget;
  job(id: string, entry: JobEntry): JobTarget;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** Opens what leads to the hosts of an inventory. Connections are made when they are first needed. */
export function createTargetMaker(
  { inventory, resolveFile }: LoadedInventory,
  jobs: Pick<JobStore, 'recordOf'>,
): TargetMaker {
  const seenHere = inventory.hosts[hostSeenHere(inventory.hosts) ?? ''];
  const readFactsHere = createLocalFactsReader({ root: seenHere?.mounted_at });
  const hosts = new Map<string, Host>(
    Object.entries(inventory.hosts).map(([id, entry]) => [id, openHost(id, entry, 'read', resolveFile)]),
  );
  const hostOf = (id: string): Host => {
    const host = hosts.get(id);
    if (host === undefined) throw new RangeError(`steward.yml has no host ${id}`);
    return host;
  };
  const hostTarget = (id: string, entry: HostEntry, host: Host): HostTarget => {
    const ask = once((signal: AbortSignal) => askHostFacts(host, signal));
    const facts = isSeenHere(entry) ? once(readFactsHere) : ask;
    return { id, entry, host, facts, reach: host.kind === 'local' ? facts : ask };
  };
  return {
    host: (id, entry) => hostTarget(id, entry, hostOf(id)),
    unnamedHost: (id, entry) => hostTarget(id, entry, createLocalHost(id, entry.user)),
    site: (id, entry) => ({ id, entry, host: hostOf(entry.host) }),
    bot: (id, entry) => ({
      id,
      entry,
      host: hostOf(entry.host),
      readSecretFile: (file) => readSecret(resolveFile(file)),
    }),
    job: (id, entry) => ({ id, entry, record: jobs.recordOf(id) }),
    async close() {
      await Promise.all([...hosts.values()].map((host) => host.close()));
    },
  };
}
