import { CONTAINERS_HOST } from '../../inventory/own-machine.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { HostEntry } from '../../inventory/schema/host.ts';
import type { ComposeConfig } from '../compose-config.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;
const PAGE = 'docs/this-machine.md';

/** Says which hosts would not be, inside of containers, the machine that they are out here. */
export function ownHostProblems(
  { hosts }: Pick<Inventory, 'hosts'>,
  { services }: Pick<ComposeConfig, 'services'>,
): string[] {
  const { exporter } = services;
  return Object.entries(hosts).flatMap(([id, host]) => [
    ...addressProblem(id, host),
    ...(exporter === undefined ? [] : mountProblem(id, host, exporter)),
  ]);
}

function addressProblem(id: string, { local, address }: HostEntry): string[] {
  if (local === true)
    return [
      `hosts.${id}: \`local: true\` is the inside of a container; write \`address: ${CONTAINERS_HOST}\`, and what else ${PAGE} says`,
    ];
  if (address === undefined || !LOOPBACK.test(address)) return [];
  return [
    `hosts.${id}: ${address} leads each container to itself; write \`address: ${CONTAINERS_HOST}\`, as ${PAGE} says`,
  ];
}

function mountProblem(
  id: string,
  { mounted_at: at }: HostEntry,
  { volumes }: Pick<ComposeConfig['services'][string], 'volumes'>,
): string[] {
  if (at === undefined || volumes.some(({ source, target }) => source === '/' && target === at)) return [];
  return [
    `hosts.${id}: nothing is mounted at ${at}; write COMPOSE_FILE=docker-compose.yml:docker-compose.host.yml into .env, or leave mounted_at out: ${PAGE}`,
  ];
}
