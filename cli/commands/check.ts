import { stat } from 'node:fs/promises';
import { loadInventory, type LoadedInventory } from '../../inventory/load.ts';
import { formatProblem, type Problem } from '../../inventory/problem.ts';
import { checkPolicies } from '../../remediator/check-policies.ts';
import type { Command } from '../command.ts';
import { exists, secretFiles } from '../secret-files.ts';

/** Says what is wrong with steward.yml, all of it at once. */
export const check: Command = {
  name: 'check',
  parameters: [],
  options: ['json'],
  summary: 'say what is wrong with steward.yml, all of it at once',
  async run({ configFile, isJson }, { print, say }) {
    const loaded = await loadInventory(configFile);
    const problems = loaded.ok ? checkPolicies(loaded) : loaded.problems;
    if (isJson) print(`${JSON.stringify({ ok: problems.length === 0, problems })}\n`);
    else if (problems.length > 0) print(lines(problems));
    else if (loaded.ok) print(`${configFile} is good: ${describe(loaded)}\n`);
    if (loaded.ok) for (const warning of await warnings(loaded)) say(`warning: ${warning}`);
    return problems.length === 0 ? 0 : 1;
  },
};

function lines(problems: readonly Problem[]): string {
  return problems.map((problem) => `${formatProblem(problem)}\n`).join('');
}

function describe({ inventory }: LoadedInventory): string {
  const counts = (['hosts', 'sites', 'bots', 'jobs'] as const).map((section) => {
    const count = Object.keys(inventory[section]).length;
    return `${count} ${count === 1 ? section.slice(0, -1) : section}`;
  });
  const acting = inventory.policies.filter(({ mode }) => mode !== 'observe').length;
  return `${counts.join(', ')}, ${inventory.policies.length} policies, ${acting} of them more than observing`;
}

/** What is still to be done beside a good steward.yml. */
async function warnings(loaded: LoadedInventory): Promise<string[]> {
  return [...hostsWithoutKey(loaded), ...(await secretWarnings(loaded))];
}

function hostsWithoutKey({ inventory }: LoadedInventory): string[] {
  return Object.entries(inventory.hosts)
    .filter(([, { local, host_key }]) => local !== true && host_key === undefined)
    .map(([id]) => `no host key is pinned for ${id}, so it cannot be reached: steward host trust ${id}`);
}

async function secretWarnings(loaded: LoadedInventory): Promise<string[]> {
  const { folder, keys, passwords, web, ofOperator } = secretFiles(loaded);
  const made = [...keys.map(({ path }) => path), ...passwords, ...web.map(({ path }) => path)];
  return [
    ...(await openFolder(folder)),
    ...(await missing(made)).map((path) => `${path} is missing: steward secrets makes it`),
    ...(await missing(ofOperator)).map((path) => `${path} is missing: it is yours to put there`),
  ];
}

async function missing(paths: readonly string[]): Promise<string[]> {
  const present = await Promise.all(paths.map(exists));
  return paths.filter((_path, index) => present[index] === false);
}

async function openFolder(folder: string): Promise<string[]> {
  const status = await stat(folder).catch(() => undefined);
  if (status === undefined || (status.mode & 0o777) === 0o700) return [];
  const mode = (status.mode & 0o777).toString(8).padStart(4, '0');
  return [
    `${folder} has the mode ${mode}; all that keeps others from the secrets in it is 0700: chmod 700 it`,
  ];
}
