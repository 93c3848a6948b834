import { phpPools, type PhpPool } from '../../hosts/discover/php-pools.ts';
import type { DiscoveryRecord, DiscoveryRecords } from '../../hosts/discover/records.ts';
import { apacheHosts, nginxHosts, type VirtualHost } from '../../hosts/discover/vhosts.ts';
import { isWebServer } from '../../hosts/service-managers/web-server.ts';
import type { ProposedService, ProposedSite } from './proposal.ts';
import type { UniqueIds } from './unique-ids.ts';

type SiteRecord = DiscoveryRecord<'site'>;
type Logs = ProposedSite['logs'];

/** A virtual host, and what serves it. */
interface Served extends VirtualHost {
  readonly server: 'nginx' | 'apache';
}

/** What of a host the sites on it are described by. */
interface Surroundings {
  readonly hostId: string;
  readonly services: readonly ProposedService[];
  readonly served: readonly Served[];
  readonly pools: readonly PhpPool[];
  readonly logs: ReadonlySet<string>;
  /** Whether all that a web server writes is about one site. */
  readonly isOnlySite: boolean;
}

/** A site whose address nobody there knows. */
export interface SiteWithoutAddress {
  readonly path: string;
  /** Makes it a proposal with the address that the operator gives. */
  readonly at: (url: string) => ProposedSite;
}

/** What was found. */
export interface FoundSites {
  readonly sites: readonly ProposedSite[];
  readonly withoutAddress: readonly SiteWithoutAddress[];
  readonly leftOut: readonly string[];
}

const DATABASES = /^(?:mariadb|mysql|mysqld)$/;

/** The WordPress sites of a host. */
export function findSites(
  records: DiscoveryRecords,
  host: { readonly id: string; readonly services: readonly ProposedService[] },
  uniqueId: UniqueIds,
): FoundSites {
  const around: Surroundings = {
    hostId: host.id,
    services: host.services,
    served: servedHosts(records.configuration),
    pools: records.configuration.filter(({ kind }) => kind === 'php-fpm').flatMap(phpPools),
    logs: new Set(records.log.map(({ file }) => file)),
    isOnlySite: records.site.length === 1,
  };
  // Those that a web server serves come first: of two with one address the other is a copy.
  const ordered = records.site.toSorted(
    (one, other) =>
      Number(servedAt(other, around) !== undefined) - Number(servedAt(one, around) !== undefined),
  );
  const sites: ProposedSite[] = [];
  const withoutAddress: SiteWithoutAddress[] = [];
  const leftOut: string[] = [];
  for (const record of ordered) {
    const { path } = record;
    const url = addressOf(record, around);
    const at = (address: string) => describe(record, address, around, uniqueId(idOf(address), 'site'));
    const same = sites.find((site) => site.url === url);
    if (url === undefined) withoutAddress.push({ path, at });
    else if (same === undefined) sites.push(at(url));
    else leftOut.push(`${path}: it has the address of ${same.path}, ${url}, so that it may be a copy`);
  }
  return { sites, withoutAddress, leftOut };
}

/** An address as steward.yml takes it, without what follows its path; undefined where it is none. */
export function siteAddress(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return undefined;
  return `${url.origin}${url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`}`;
}

function idOf(address: string): string {
  const { hostname, pathname } = new URL(address);
  return `${hostname.replace(/^www\./, '')}${pathname}`;
}

function servedHosts(configurations: DiscoveryRecords['configuration']): Served[] {
  return configurations.flatMap(({ kind, lines }): Served[] => {
    if (kind === 'nginx') return nginxHosts(lines).map((host) => ({ ...host, server: 'nginx' }));
    if (kind === 'apache') return apacheHosts(lines).map((host) => ({ ...host, server: 'apache' }));
    return [];
  });
}

/** The virtual host of a site: the one with TLS where there are two, since the other leads there. */
function servedAt({ path }: SiteRecord, { served }: Surroundings): Served | undefined {
  const there = served.filter(({ root }) => root === path);
  return there.find(({ hasTls }) => hasTls) ?? there[0];
}

function addressOf(record: SiteRecord, around: Surroundings): string | undefined {
  const said = siteAddress(record.url);
  if (said !== undefined) return said;
  const host = servedAt(record, around);
  const name = host?.names.find((each) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(each));
  return host === undefined || name === undefined
    ? undefined
    : siteAddress(`${host.hasTls ? 'https' : 'http'}://${name}/`);
}

function describe(record: SiteRecord, url: string, around: Surroundings, id: string): ProposedSite {
  const served = servedAt(record, around);
  const pool = poolOf(record, served, around.pools);
  return {
    id,
    url,
    host: around.hostId,
    path: record.path,
    owner: record.owner,
    group: record.group === record.owner ? undefined : record.group,
    version: record.version,
    services: around.services
      .map(({ name }) => name)
      .filter((name) => name === pool?.service || isWebServer(name) || DATABASES.test(name)),
    phpFpm: pool?.statusPath === undefined ? undefined : { listen: pool.listen, statusPath: pool.statusPath },
    logs: logsOf(record, served, pool, around),
  };
}

/** By what the web server passes PHP to, else by the account, else the only one there is. */
function poolOf(
  { owner }: SiteRecord,
  served: Served | undefined,
  pools: readonly PhpPool[],
): PhpPool | undefined {
  const passed = served?.php?.replace(/^unix:/, '');
  const own = pools.filter(({ user }) => user === owner);
  return (
    pools.find(({ listen }) => listen === passed) ??
    (own.length === 1 ? own[0] : pools.length === 1 ? pools[0] : undefined)
  );
}

const DEFAULT_LOGS = { nginx: '/var/log/nginx', apache: '/var/log/apache2' } as const;

/** Its own logs, as far as they are there. What other sites write into, too, is left out. */
function logsOf(
  { path }: SiteRecord,
  served: Served | undefined,
  pool: PhpPool | undefined,
  around: Surroundings,
): Logs {
  const candidates: (Omit<Logs[number], 'file'> & { readonly file: string | undefined })[] = [
    { file: `${path}/wp-content/debug.log`, format: 'wordpress-debug' },
    ...(served === undefined ? [] : serverLogs(served, around)),
    { file: pool?.slowLog, format: 'php-fpm-slow' },
    { file: pool?.errorLog, format: 'php-error' },
  ];
  return candidates.flatMap(({ file, format }) =>
    file !== undefined && around.logs.has(file) ? [{ file, format }] : [],
  );
}

function serverLogs({ server, root, accessLog, errorLog }: Served, { served, isOnlySite }: Surroundings) {
  const inDefault = (name: string) => (isOnlySite ? `${DEFAULT_LOGS[server]}/${name}.log` : undefined);
  const own = (file: string | undefined) =>
    served.some((other) => other.root !== root && [other.accessLog, other.errorLog].includes(file))
      ? undefined
      : file;
  return [
    { file: own(accessLog ?? inDefault('access')), format: `${server}-access` as const },
    { file: own(errorLog ?? inDefault('error')), format: `${server}-error` as const },
  ];
}
