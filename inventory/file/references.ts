import { isSeenHere } from '../own-machine.ts';
import type { PathProblem } from '../path-problem.ts';
import type { Entries } from './sound-entries.ts';

/** Says which names in the inventory lead nowhere or are given twice. */
export function referenceProblems(entries: Entries): PathProblem[] {
  return [
    ...duplicateIds(entries),
    ...severalOwnMachines(entries),
    ...Object.keys(entries.hosts).flatMap((id) => hostProblems(entries, id)),
    ...Object.keys(entries.sites).flatMap((id) => siteProblems(entries, id)),
    ...Object.keys(entries.bots).flatMap((id) => botProblems(entries, id)),
    ...Object.keys(entries.jobs).flatMap((id) => jobProblems(entries, id)),
  ];
}

/** Says which policies have the name of one before them. */
export function duplicatePolicyProblems(names: readonly unknown[]): PathProblem[] {
  return names.flatMap((name, index) =>
    typeof name !== 'string' || names.indexOf(name) === index
      ? []
      : [{ path: ['policies', index, 'name'], expected: 'a name that is given once' }],
  );
}

const sections = ['hosts', 'sites', 'bots', 'jobs'] as const;

function duplicateIds(entries: Entries): PathProblem[] {
  const seen = new Map<string, string>();
  return sections.flatMap((section) =>
    Object.keys(entries[section]).flatMap((id) => {
      const other = seen.get(id);
      seen.set(id, section);
      if (other === undefined) return [];
      return [{ path: [section, id], part: 'key' as const, expected: `an id that is not also in ${other}` }];
    }),
  );
}

function severalOwnMachines({ hosts }: Entries): PathProblem[] {
  const [first, ...others] = Object.entries(hosts).filter(([, host]) => isSeenHere(host));
  return others.map(([id, { local }]) => ({
    path: ['hosts', id, local === true ? 'local' : 'mounted_at'],
    expected: `one host with \`local: true\` or \`mounted_at\`; ${first?.[0] ?? ''} has it`,
  }));
}

function hostProblems({ hosts }: Entries, id: string): PathProblem[] {
  const host = hosts[id];
  if (host === undefined) return [];
  const names = host.services.map(({ name }) => name);
  const problems: PathProblem[] = names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: ['hosts', id, 'services', index, 'name'], expected: 'a name that is given once' }],
  );
  if (host.read_key_file !== undefined && host.read_key_file === host.act_key_file) {
    problems.push({ path: ['hosts', id, 'act_key_file'], expected: 'another key than the one that reads' });
  }
  return problems;
}

function siteProblems({ hosts, sites }: Entries, id: string): PathProblem[] {
  const site = sites[id];
  if (site === undefined) return [];
  const host = hosts[site.host];
  if (host === undefined) return [unknownHost(['sites', id, 'host'], hosts)];
  return site.services.flatMap((name, index) =>
    host.services.some((service) => service.name === name)
      ? []
      : [{ path: ['sites', id, 'services', index], expected: serviceOf(site.host, host.services) }],
  );
}

function botProblems({ hosts, bots }: Entries, id: string): PathProblem[] {
  const bot = bots[id];
  if (bot === undefined) return [];
  const host = hosts[bot.host];
  if (host === undefined) return [unknownHost(['bots', id, 'host'], hosts)];
  if (bot.service === undefined || host.services.some(({ name }) => name === bot.service)) return [];
  return [{ path: ['bots', id, 'service'], expected: serviceOf(bot.host, host.services) }];
}

function jobProblems({ hosts, jobs }: Entries, id: string): PathProblem[] {
  const host = jobs[id]?.host;
  return host === undefined || hosts[host] !== undefined ? [] : [unknownHost(['jobs', id, 'host'], hosts)];
}

function unknownHost(path: PropertyKey[], hosts: Entries['hosts']): PathProblem {
  const known = Object.keys(hosts);
  return {
    path,
    expected: known.length === 0 ? 'a host; there is none under `hosts`' : `a host: ${known.join(', ')}`,
  };
}

function serviceOf(host: string, services: readonly { readonly name: string }[]): string {
  const known = services.map(({ name }) => name);
  return known.length === 0
    ? `a service of ${host}; it has none under \`services\``
    : `a service of ${host}: ${known.join(', ')}`;
}
