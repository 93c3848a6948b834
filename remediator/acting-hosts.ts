import { openHost } from '../hosts/open-host.ts';
import type { Host } from '../hosts/host.ts';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import type { HostEntry } from '../inventory/schema/host.ts';

/** The hosts with the key that acts, opened when they are first needed. */
export interface ActingHosts {
  /** The host of that id as steward.yml now describes it. Throws where there is none. */
  readonly hostOf: (id: string) => Host;
  close(): Promise<void>;
}

/** Makes them; a host whose entry a reload changed is opened anew. */
export function createActingHosts(holder: InventoryHolder): ActingHosts {
  const open = new Map<string, { readonly entry: HostEntry; readonly host: Host }>();
  return {
    hostOf(id) {
      const { inventory, resolveFile } = holder.current();
      const entry = inventory.hosts[id];
      if (entry === undefined) throw new Error(`steward.yml has no host ${id}`);
      const known = open.get(id);
      if (known?.entry === entry) return known.host;
      void known?.host.close();
      const host = openHost(id, entry, 'act', resolveFile);
      open.set(id, { entry, host });
      return host;
    },
    async close() {
      await Promise.all([...open.values()].map(({ host }) => host.close()));
    },
  };
}
