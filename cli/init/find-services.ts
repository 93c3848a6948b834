import type { DiscoveryRecord, DiscoveryRecords } from '../../hosts/discover/records.ts';
import { isOwnService } from '../../inventory/policies/own-parts.ts';
import type { ServiceManagerName } from '../../inventory/schema/host.ts';
import { SLOT_PATTERN } from '../../inventory/schema/values.ts';
import type { ProposedService } from './proposal.ts';

const MANAGERS: readonly string[] = [
  'systemd',
  'sysv',
  'supervisor',
  'docker',
] satisfies ServiceManagerName[];
/** Images whose containers matter to a site or bot. */
const IMAGE =
  /(?:^|\/)(?:nginx|openresty|httpd|caddy|mariadb|mysql|redis|valkey|memcached|wordpress|php|freqtrade)(?:[:@]|$)/;
const MOST = 50;

/** The services of a host that are worth watching, each name once, without those of Steward itself. */
export function findServices(
  { service, container }: DiscoveryRecords,
  host: { readonly address: string },
): ProposedService[] {
  const found = [
    ...service.filter(({ manager }) => MANAGERS.includes(manager)),
    ...container.filter(isRelevant).map(({ name }) => ({ name, manager: 'docker' })),
  ] as ProposedService[];
  const names = found.map(({ name }) => name);
  return found
    .filter(
      ({ name }, index) =>
        SLOT_PATTERN.test(name) && !isOwnService(name, host) && names.indexOf(name) === index,
    )
    .slice(0, MOST)
    .map(({ name, manager }) => ({ name, manager }));
}

function isRelevant({ image }: DiscoveryRecord<'container'>): boolean {
  return IMAGE.test(image);
}
