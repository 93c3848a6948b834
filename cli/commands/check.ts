import { loadInventory, type LoadedInventory } from '../../inventory/load.ts';
import { formatProblem, type Problem } from '../../inventory/problem.ts';
import { checkPolicies } from '../../remediator/checks/check-policies.ts';
import { checkQueries } from '../../remediator/checks/check-queries.ts';
import { isDrill } from '../../remediator/decide/drills.ts';
import { untestedRestarts } from '../../remediator/checks/untested-restarts.ts';
import { pinProblems } from '../before-up/reachability.ts';
import { secretProblems } from '../before-up/secrets.ts';
import type { Command } from '../command.ts';

/** Says what is wrong with steward.yml, all of it at once. */
export const check: Command = {
  name: 'check',
  parameters: [],
  options: ['json'],
  summary: 'say what is wrong with steward.yml, all of it at once',
  async run({ configFile, isJson }, { print, say }) {
    const loaded = await loadInventory(configFile);
    const problems = loaded.ok ? await problemsOf(loaded) : loaded.problems;
    if (isJson) print(`${JSON.stringify({ ok: problems.length === 0, problems })}\n`);
    else if (problems.length > 0) print(lines(problems));
    else if (loaded.ok) print(`${configFile} is good: ${describe(loaded)}\n`);
    if (loaded.ok) for (const warning of await warnings(loaded)) say(`warning: ${warning}`);
    return problems.length === 0 ? 0 : 1;
  },
};

/** Where Prometheus cannot be reached from here, as is usual with containers, the remediator has it look at its start. */
async function problemsOf(loaded: LoadedInventory): Promise<readonly Problem[]> {
  const problems = checkPolicies(loaded);
  if (problems.length > 0) return problems;
  const checked = await checkQueries(loaded);
  return 'problems' in checked ? checked.problems : [];
}

function lines(problems: readonly Problem[]): string {
  return problems.map((problem) => `${formatProblem(problem)}\n`).join('');
}

function describe({ inventory }: LoadedInventory): string {
  const counts = (['hosts', 'sites', 'bots', 'jobs'] as const).map((section) => {
    const count = Object.keys(inventory[section]).length;
    return `${count} ${count === 1 ? section.slice(0, -1) : section}`;
  });
  const acting = inventory.policies.filter((policy) => policy.mode !== 'observe' && !isDrill(policy)).length;
  return `${counts.join(', ')}, ${inventory.policies.length} policies, ${acting} of them more than observing`;
}

/** What is still to be done beside a good steward.yml. */
async function warnings(loaded: LoadedInventory): Promise<string[]> {
  return [...pinProblems(loaded), ...(await secretProblems(loaded)), ...untestedRestarts(loaded.inventory)];
}
