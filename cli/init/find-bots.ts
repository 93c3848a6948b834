import type { DiscoveryRecord, DiscoveryRecords } from '../../hosts/discover/records.ts';
import type { ProposedBot, ProposedService } from './proposal.ts';
import type { UniqueIds } from './unique-ids.ts';

/** What freqtrade listens on where its configuration does not say. */
const PORT = '8080';
const USERNAME = 'freqtrader';
const LOOPBACK = /^(?:127\.|localhost$|::1$|\[::1\]$)/;
const ANYWHERE = /^(?:0\.0\.0\.0|::|\[::\])$/;

/** The bots of a host, and those that cannot be asked, with the reason. `address` is how the host itself is reached. */
export function findBots(
  { bot, container }: DiscoveryRecords,
  host: { readonly id: string; readonly address: string; readonly services: readonly ProposedService[] },
  uniqueId: UniqueIds,
): { readonly bots: ProposedBot[]; readonly leftOut: string[] } {
  const bots: ProposedBot[] = [];
  const leftOut: string[] = [];
  for (const found of bot) {
    const inContainer = containerOf(found, container);
    const service = inContainer?.name ?? /([^/\n]+)\.service$/m.exec(found.cgroup)?.[1];
    const place = listensAt(found, inContainer, host.address);
    if ('problem' in place) {
      leftOut.push(`a freqtrade${service === undefined ? '' : ` (${service})`}: ${place.problem}`);
      continue;
    }
    bots.push({
      id: uniqueId(service ?? 'freqtrade', 'freqtrade'),
      host: host.id,
      url: place.url,
      username: found.username.trim() === '' ? USERNAME : found.username.trim(),
      service: host.services.some(({ name }) => name === service) ? service : undefined,
      log: inContainer === undefined && found.logFile.startsWith('/') ? found.logFile : undefined,
    });
  }
  return { bots, leftOut };
}

function containerOf({ cgroup }: DiscoveryRecord<'bot'>, containers: DiscoveryRecords['container']) {
  const id = /docker[-/]([0-9a-f]{64})/.exec(cgroup)?.[1];
  return id === undefined ? undefined : containers.find((container) => container.id === id);
}

function listensAt(
  { enabled, address, port }: DiscoveryRecord<'bot'>,
  container: DiscoveryRecord<'container'> | undefined,
  hostAddress: string,
): { readonly url: string } | { readonly problem: string } {
  if (enabled.trim() !== 'true')
    return {
      problem:
        'its API is not on, or its configuration cannot be read: set api_server.enabled to true, then add it to steward.yml',
    };
  const inner = /^\d{1,5}$/.test(port.trim()) ? port.trim() : PORT;
  const published = container === undefined ? undefined : publishedAt(container.ports, inner);
  if (container !== undefined && published === undefined)
    return {
      problem: `its API is not published: publish port ${inner} of the container, then add it to steward.yml`,
    };
  const listens = published ?? { address: address.trim(), port: inner };
  if (LOOPBACK.test(listens.address))
    return {
      problem: `its API listens on ${listens.address}:${listens.port} alone, where the exporter cannot reach it: let it listen on an address of a VPN or private network, then add it to steward.yml`,
    };
  const name = ANYWHERE.test(listens.address) || listens.address === '' ? hostAddress : listens.address;
  return {
    url: `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${listens.port}/`,
  };
}

/** Finds where `docker ps` says a port is published, such as `0.0.0.0:8081->8080/tcp`. */
function publishedAt(ports: string, inner: string): { address: string; port: string } | undefined {
  for (const part of ports.split(', ')) {
    const match = /^(.*):(\d{1,5})->(\d{1,5})\/tcp$/.exec(part);
    if (match?.[3] === inner) return { address: match[1] ?? '', port: match[2] ?? '' };
  }
  return undefined;
}
