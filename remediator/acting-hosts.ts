import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { openHost } from '../hosts/open-host.ts';
import type { Host } from '../hosts/host.ts';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import { messageOf } from './message-of.ts';
import type { HostEntry } from '../inventory/schema/host.ts';

/** The hosts with the key that acts, opened when they are first needed. */
export interface ActingHosts {
  /** The host of that id as steward.yml now describes it. Throws where there is none. */
  readonly hostOf: (id: string) => Host;
  close(): Promise<void>;
}

/** Makes them; a host whose entry a reload changed is opened anew. */
export function createActingHosts(holder: InventoryHolder, log: Logger): ActingHosts {
  const open = new Map<string, { readonly entry: HostEntry; readonly host: Host }>();
  return {
    hostOf(id) {
      const { inventory, resolveFile } = holder.current();
      const entry = inventory.hosts[id];
      if (entry === undefined) throw new Error(`steward.yml has no host ${id}`);
      const known = open.get(id);
      if (isDeepStrictEqual(known?.entry, entry) && known !== undefined) return known.host;
      known?.host
        .close()
        .catch((error: unknown) =>
          log.warn({ host: id, error: messageOf(error) }, 'a connection did not end'),
        );
      const host = openHost(id, entry, 'act', resolveFile);
      open.set(id, { entry, host });
      return host;
    },
    async close() {
      await Promise.all([...open.values()].map(({ host }) => host.close()));
    },
  };
}
