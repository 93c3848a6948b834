import type { ServiceEntry } from '../../inventory/schema/host.ts';
import { serviceManagers } from './service-managers.ts';

/** Services that are asked about by one command. */
export type ServiceGroup = readonly [ServiceEntry, ...ServiceEntry[]];

/** Puts services together that one command can ask about: starting a manager's client costs more than its answer. */
export function groupServices(services: readonly ServiceEntry[]): ServiceGroup[] {
  const groups = new Map<string, [ServiceEntry, ...ServiceEntry[]]>();
  for (const service of services) {
    const key = serviceManagers[service.manager].groupKey(service);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [service]);
    else group.push(service);
  }
  return [...groups.values()];
}
