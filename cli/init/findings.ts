import type { DiscoveryRecords } from '../../hosts/discover/records.ts';
import { findBots } from './find-bots.ts';
import { findServices } from './find-services.ts';
import { findSites, type FoundSites } from './find-sites.ts';
import type { SeenHost } from './look-at-host.ts';
import type { ProposedBot, ProposedHost } from './proposal.ts';
import type { UniqueIds } from './unique-ids.ts';

/** All that was found on one host. */
export interface Findings extends FoundSites {
  readonly host: ProposedHost;
  readonly bots: readonly ProposedBot[];
}

/** Makes of what a host said what may be written into steward.yml. */
export function findingsOf(
  { host: { id, address, port }, hostKey, records }: SeenHost,
  uniqueId: UniqueIds,
): Findings {
  const services = records === undefined ? [] : findServices(records, { address });
  const host = { id, address, port, hostKey, system: systemOf(records), services };
  if (records === undefined) return { host, sites: [], withoutAddress: [], bots: [], leftOut: [] };
  const found = findSites(records, host, uniqueId);
  const { bots, leftOut } = findBots(records, host, uniqueId);
  return { host, ...found, bots, leftOut: [...found.leftOut, ...leftOut, ...notSeen(records)] };
}

function systemOf(records: DiscoveryRecords | undefined): string | undefined {
  const name = records?.system[0]?.name ?? '';
  return name === '' ? undefined : name;
}

/** What kept the look from being whole. */
function notSeen({ unfinished, system: [system], isWhole }: DiscoveryRecords): string[] {
  const isRoot = system?.uid === '0';
  return [
    ...unfinished.map(
      ({ folder }) => `${folder}: not all of it could be looked at in time or with this account`,
    ),
    ...(isWhole ? [] : ['there was more than is shown here']),
    ...(isRoot
      ? []
      : [
          `${system?.account ?? 'the account'} is not root and sudo asks for a password: what others hide from it is missing`,
        ]),
  ];
}
