import { CONTAINERS_HOST } from '../../inventory/own-machine.ts';
import { printable } from './printable.ts';
import type { ProposedBot, ProposedHost, ProposedSite } from './proposal.ts';
import type { Proposal } from './steward-yml.ts';

/** What was found on one host, in lines for people. Whatever the host wrote is made safe to print. */
export function foundText({ hosts, sites, bots }: Proposal): string {
  return hosts
    .flatMap((host) => [
      headLine(host),
      ...sites.filter((site) => site.host === host.id).map(siteLine),
      ...bots.filter((bot) => bot.host === host.id).map(botLine),
    ])
    .map((line) => `${printable(line)}\n`)
    .join('');
}

function headLine({ id, address, port, system, services }: ProposedHost): string {
  const watched = services.length === 0 ? 'no services' : services.map(({ name }) => name).join(', ');
  return `host ${id}: ${address}:${port}${system === undefined ? '' : `, ${system}`}; ${watched}`;
}

function siteLine({ id, url, path, owner, version }: ProposedSite): string {
  return `  site ${id}: ${url} in ${path}, WordPress ${version}, files of ${owner}`;
}

function botLine({ id, url }: ProposedBot): string {
  return `  bot ${id}: freqtrade at ${url}`;
}

/** What comes next, one command in each line. */
export function nextSteps({ hosts, bots }: Proposal): string[] {
  return [
    ...hosts.filter(({ hostKey }) => hostKey === undefined).map(({ id }) => `npx steward host trust ${id}`),
    'npx steward check',
    ...hosts.map(
      ({ id }) => `npx steward host harden ${id} > harden-${id}.sh   # read it, and run it as root on ${id}`,
    ),
    ...bots.map(({ id }) => `write the API password of ${id} into secrets/bots/${id}_password`),
    ...hosts
      .filter(({ address }) => address === CONTAINERS_HOST)
      .map(() => 'write COMPOSE_FILE=docker-compose.yml:docker-compose.host.yml into .env'),
    'npx steward up',
  ];
}
