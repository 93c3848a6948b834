import type { Inventory } from './schema/inventory.ts';
import type { PathProblem } from './path-problem.ts';

/** Says which names in the inventory lead nowhere or are given twice. */
export function referenceProblems(inventory: Inventory): PathProblem[] {
  return [
    ...duplicateIds(inventory),
    ...severalLocalHosts(inventory),
    ...Object.keys(inventory.hosts).flatMap((id) => hostProblems(inventory, id)),
    ...Object.keys(inventory.sites).flatMap((id) => siteProblems(inventory, id)),
    ...Object.keys(inventory.bots).flatMap((id) => botProblems(inventory, id)),
    ...duplicatePolicies(inventory),
  ];
}

const sections = ['hosts', 'sites', 'bots', 'jobs'] as const;

function duplicateIds(inventory: Inventory): PathProblem[] {
  const seen = new Map<string, string>();
  return sections.flatMap((section) =>
    Object.keys(inventory[section]).flatMap((id) => {
      const other = seen.get(id);
      seen.set(id, section);
      if (other === undefined) return [];
      return [{ path: [section, id], part: 'key' as const, expected: `an id that is not also in ${other}` }];
    }),
  );
}

function severalLocalHosts({ hosts }: Inventory): PathProblem[] {
  const locals = Object.keys(hosts).filter((id) => hosts[id]?.local === true);
  return locals.slice(1).map((id) => ({
    path: ['hosts', id, 'local'],
    expected: `one host with \`local: true\`; ${locals[0] ?? ''} has it`,
  }));
}

function hostProblems({ hosts }: Inventory, id: string): PathProblem[] {
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

function siteProblems({ hosts, sites }: Inventory, id: string): PathProblem[] {
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

function botProblems({ hosts, bots }: Inventory, id: string): PathProblem[] {
  const bot = bots[id];
  if (bot === undefined) return [];
  const host = hosts[bot.host];
  if (host === undefined) return [unknownHost(['bots', id, 'host'], hosts)];
  if (bot.service === undefined || host.services.some(({ name }) => name === bot.service)) return [];
  return [{ path: ['bots', id, 'service'], expected: serviceOf(bot.host, host.services) }];
}

function duplicatePolicies({ policies }: Inventory): PathProblem[] {
  const names = policies.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ path: ['policies', index, 'name'], expected: 'a name that is given once' }],
  );
}

function unknownHost(path: PropertyKey[], hosts: Inventory['hosts']): PathProblem {
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
