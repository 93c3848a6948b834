import { CONTAINERS_HOST } from '../../inventory/own-machine.ts';
import { printable } from './printable.ts';
import type { ProposedBot, ProposedHost, ProposedSite } from './proposal.ts';
import { yamlText } from './yaml-text.ts';

/** All that is to be written into steward.yml. */
export interface Proposal {
  readonly hosts: readonly ProposedHost[];
  readonly sites: readonly ProposedSite[];
  readonly bots: readonly ProposedBot[];
  /** Addresses of sites that stand on none of the hosts. */
  readonly elsewhere: readonly string[];
}

const OPENING = `# yaml-language-server: $schema=inventory/steward.schema.json
#
# Everything that Steward watches, and what it may do. Written by \`steward init\`, and yours from now on.
# \`steward check\` says what is wrong with it; steward.example.yml shows what else may stand here.
`;

const CLOSING = `
# Jobs that report in, with curl or \`steward run\`: see docs/jobs.md.
jobs: {}
#  nightly-backup: { every: 24h, grace: 2h }

# Which alert leads to which action. All that Steward ships only observes: it records what it would have done. When you have
# seen one be right, let it act:
policies: []
#  - { name: fix-permissions, mode: auto }

# Where people open Grafana and the remediator: links in messages lead there.
grafana: { external_url: 'http://127.0.0.1:3000' }
remediator:
  listen: 0.0.0.0:9841
  external_url: http://127.0.0.1:9841

# These are the addresses inside docker-compose.yml. Leave the sections out to run everything on one machine without
# containers: then each listens on 127.0.0.1.
exporter: { listen: '0.0.0.0:9840', url: 'http://exporter:9840' }
prometheus: { url: 'http://prometheus:9090' }
alertmanager: { url: 'http://alertmanager:9093' }
`;

/** The text of a new steward.yml. What hosts said stands in it as quoted texts, and in comments without line breaks. */
export function stewardYml({ hosts, sites, bots, elsewhere }: Proposal): string {
  return [
    OPENING,
    '# The servers. Steward logs in as an account of its own, which `steward host harden <host>` sets up.',
    ...section('hosts', hosts.flatMap(hostLines)),
    '',
    '# The WordPress sites.',
    ...section('sites', sites.flatMap(siteLines)),
    ...elsewhere.flatMap(elsewhereLines),
    '',
    '# The trading bots.',
    ...section('bots', bots.flatMap(botLines)),
    CLOSING,
  ].join('\n');
}

function section(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`${name}: {}`] : [`${name}:`, ...lines.map((line) => `  ${line}`)];
}

function hostLines({ id, address, port, hostKey, system, services }: ProposedHost): string[] {
  return [
    `${id}:${system === undefined ? '' : ` # ${printable(system)}`}`,
    `  address: ${yamlText(address)}`,
    ...(port === 22 ? [] : [`  port: ${port}`]),
    // Only docker-compose.yml gives a machine that name.
    ...(address === CONTAINERS_HOST ? ['  mounted_at: /host # docs/this-machine.md'] : []),
    '  user: steward',
    `  read_key_file: secrets/read/${id}`,
    `  act_key_file: secrets/act/${id}`,
    hostKey === undefined
      ? `  # Not seen yet: \`steward host trust ${id}\` writes its host key here.`
      : `  host_key: ${hostKey}`,
    ...(services.length === 0
      ? ['  services: [] # such as: - { name: nginx, manager: systemd }']
      : [
          '  services:',
          ...services.map(({ name, manager }) => `    - { name: ${yamlText(name)}, manager: ${manager} }`),
        ]),
  ];
}

function siteLines({
  id,
  host,
  url,
  path,
  owner,
  group,
  version,
  services,
  phpFpm,
  logs,
}: ProposedSite): string[] {
  return [
    `${id}: # WordPress ${printable(version)}`,
    `  host: ${host}`,
    `  url: ${yamlText(url)}`,
    `  path: ${yamlText(path)}`,
    `  owner: ${yamlText(owner)}`,
    ...(group === undefined ? [] : [`  group: ${yamlText(group)}`]),
    `  services: [${services.map(yamlText).join(', ')}]`,
    phpFpmLine(phpFpm),
    ...(logs.length === 0
      ? ['  logs: [] # what may stand here: docs/logs.md']
      : [
          '  logs:',
          ...logs.map(({ file, format }) => `    - { file: ${yamlText(file)}, format: ${format} }`),
        ]),
  ];
}

function phpFpmLine(pool: ProposedSite['phpFpm']): string {
  if (pool === undefined)
    return '  # With pm.status_path in its pool: php_fpm: { socket: /run/php/php8.2-fpm.sock, status_path: /fpm-status }';
  const where = pool.listen.startsWith('/') ? 'socket' : 'address';
  return `  php_fpm: { ${where}: ${yamlText(pool.listen)}, status_path: ${yamlText(pool.statusPath)} }`;
}

function elsewhereLines(url: string): string[] {
  return [
    `#  my-site: # It stands on no host above: add its host, and say where and whose it is.`,
    `#    { host: web1, url: ${yamlText(url)}, path: /var/www/html, owner: www-data }`,
  ];
}

function botLines({ id, host, url, username, service, log }: ProposedBot): string[] {
  return [
    `${id}:`,
    '  kind: freqtrade',
    `  url: ${yamlText(url)}`,
    `  username: ${yamlText(username)}`,
    `  password_file: secrets/bots/${id}_password # yours to put there`,
    `  host: ${host}`,
    ...(service === undefined ? [] : [`  service: ${yamlText(service)}`]),
    ...(log === undefined ? [] : [`  log: ${yamlText(log)}`]),
  ];
}
