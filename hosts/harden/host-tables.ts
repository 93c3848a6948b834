import { runsContainers } from '../../inventory/own-machine.ts';
import { ENGINE_SERVICES, ownPathsOn, ownServicesOn } from '../../inventory/policies/own-parts.ts';
import { CONFIG_FILE, permissionMasks, type ModeMask } from '../../inventory/permissions.ts';
import type { HostEntry } from '../../inventory/schema/host.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { SiteEntry } from '../../inventory/schema/site.ts';
import { quoteArgv, quoteWord } from '../quote.ts';
import { configurationTest, lacksConfigurationTest } from '../service-managers/configuration-test.ts';
import { isPhpFpm } from '../service-managers/php-fpm-service.ts';
import { groupServices, type ServiceGroup } from '../service-managers/service-groups.ts';
import { serviceManagers } from '../service-managers/service-managers.ts';
import { isWebServer } from '../service-managers/web-server.ts';
import { logTable } from './log-table.ts';
import { phpFpmEndpoint } from './php-fpm-endpoint.ts';

/** Writes what the verbs know of a host: its sites, services and logs, in which slots are looked up. */
export function hostTables(inventory: Inventory, hostId: string, host: HostEntry): string {
  const sites = Object.entries(inventory.sites).filter(([, site]) => site.host === hostId);
  return [
    ownPathFunctions(ownPathsOn(host, inventory)),
    ownEngineFunction(host, ownServicesOn(host, inventory.remediator.journal)),
    siteTable(sites, host),
    serviceTables(host),
    logTable(inventory, hostId),
    wordPressOrgLine(inventory),
  ].join('\n');
}

function ownPathFunctions(paths: readonly string[]): string {
  const all = quoteArgv(paths);
  return `# Whether a path is one of Steward's own or lies in one; and whether it is, lies in, or has one in it.
is_in_own_path() {
  for own in ${all}; do
    case $1/ in "$own"/*) return 0 ;; esac
  done
  return 1
}
is_own_path() {
  ! is_in_own_path "$1" || return 0
  for own in ${all}; do
    case $own/ in "\${1%/}"/*) return 0 ;; esac
  done
  return 1
}
`;
}

/** The engine in all its names, since a word of an action may name it; and the journal's database as steward.yml names it. */
function ownEngineFunction(host: HostEntry, named: readonly string[]): string {
  const engine = runsContainers(host) ? ENGINE_SERVICES : [];
  const names = [...new Set([...engine, ...named.map((name) => name.replace(/\.(?:service|socket)$/, ''))])];
  const known =
    names.length === 0
      ? 'return 1'
      : `unit=\${1%.service}
  case \${unit%.socket} in ${names.map(quoteWord).join(' | ')}) ;; *) return 1 ;; esac`;
  return `# Whether a service is of the engine that Steward's own containers run on here, or the database of its journal.
is_own_engine() {
  ${known}
}
`;
}

function siteTable(sites: readonly (readonly [string, SiteEntry])[], host: HostEntry): string {
  return `# The sites on this host. The modes are what must not be set, and what must.
select_site() {
  case $1 in
${sites.map(([id, site]) => siteCase(id, site, host)).join('')}    *) refuse 'no such site' ;;
  esac
}
`;
}

function siteCase(id: string, site: SiteEntry, host: HostEntry): string {
  const masks = permissionMasks(site.permissions);
  const fpm = phpFpmEndpoint(site.php_fpm);
  const lines = [
    `path=${quoteWord(withoutSlash(site.path))}`,
    `owner=${quoteWord(site.owner)} group=${quoteWord(site.group ?? site.owner)}`,
    urlLine(site.url),
    certificateLine(site, host),
    `php_services=${quoteWord(site.services.filter(isPhpFpm).join(' '))}`,
    `fpm_address=${quoteWord(fpm.address)} fpm_status_path=${quoteWord(fpm.statusPath)}`,
    maskLine('directory', masks.directory),
    maskLine('file', masks.file),
    `${maskLine('config', masks.config)} # ${CONFIG_FILE}`,
  ];
  return `    ${id})\n${lines.map((line) => `      ${line}\n`).join('')}      ;;\n`;
}

function urlLine(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `url_scheme=${quoteWord(protocol.replace(':', ''))} url_host=${quoteWord(host)} url_path=${quoteWord(pathname)}`;
}

/** certbot names a certificate after the first domain that it is for. */
function certificateLine({ certificate, url, services }: SiteEntry, host: HostEntry): string {
  const servers = services.length === 0 ? host.services.map(({ name }) => name) : services;
  const webServers = servers.filter(isWebServer).join(' ');
  return `certificate=${quoteWord(certificate ?? new URL(url).hostname)} web_servers=${quoteWord(webServers)}`;
}

/** find takes a path without a slash at its end, and the path is compared with what `pwd` says. */
function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

function maskLine(name: string, { forbidden, required }: ModeMask): string {
  return `${name}_forbidden=${octal(forbidden)} ${name}_required=${octal(required)}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** Where releases of WordPress come from. */
function wordPressOrgLine({ exporter: { wordpress_org: addresses } }: Inventory): string {
  const [api, downloads] = [addresses.api_url, addresses.downloads_url].map((url) =>
    quoteWord(url.replace(/\/+$/, '')),
  );
  return `wordpress_api=${api ?? ''} wordpress_downloads=${downloads ?? ''}\n`;
}

function serviceTables({ services }: HostEntry): string {
  const groups = groupServices(services);
  const namesOf = (group: ServiceGroup) => group.map(({ name }) => name).join(' ');
  const statusOf = (group: ServiceGroup) => serviceManagers[group[0].manager].statusArgv(group);
  return `# The services of this host, and how their managers are asked and told.
services='${services.map(({ name }) => name).join(' ')}'
service_groups=${groups.length}
${table(
  'service_names',
  groups.map((group, index) => [String(index + 1), ['echo', namesOf(group)]]),
)}
${table(
  'service_status',
  groups.map((group, index) => [String(index + 1), statusOf(group)]),
)}
${table(
  'service_restart',
  services.map((service) => [service.name, serviceManagers[service.manager].restartArgv(service)]),
)}
${table(
  'service_reload',
  services
    .filter(({ name }) => isWebServer(name))
    .map((service) => [service.name, serviceManagers[service.manager].reloadArgv(service)]),
  'return 1',
)}
${table(
  'service_config_test',
  services.flatMap((service) => {
    const test = configurationTest(service);
    if (test === undefined) return [];
    const row = service.manager === 'docker' ? ['while_running', service.name, ...test] : test;
    return [[service.name, row] as const];
  }),
  ':',
)}
${table(
  'service_runs_untested',
  services
    .filter(lacksConfigurationTest)
    .map((service) => [service.name, serviceManagers[service.manager].statusArgv([service])]),
  'return 1',
)}
`;
}

/** A shell function that runs one of several fixed commands, by the word it is given. */
function table(
  name: string,
  rows: readonly (readonly [word: string, argv: readonly string[]])[],
  otherwise = "refuse 'no such service'",
): string {
  const cases = rows.map(([word, argv]) => `    ${word}) ${quoteArgv(argv)} ;;\n`).join('');
  return `${name}() {\n  case $1 in\n${cases}    *) ${otherwise} ;;\n  esac\n}`;
}
