import { dirname, resolve } from 'node:path';
import { loadInventory } from '../../inventory/load.ts';
import { formatProblem } from '../../inventory/problem.ts';
import { checkPolicies } from '../../remediator/check-policies.ts';
import { engineProblems } from '../before-up/engine.ts';
import { portProblems } from '../before-up/ports.ts';
import { pinProblems, reachabilityWarnings } from '../before-up/reachability.ts';
import { secretProblems } from '../before-up/secrets.ts';
import { CommandError, type Command } from '../command.ts';
import { readComposeConfig, type ComposePlace } from '../compose-config.ts';
import { commandEnvironment } from '../config.ts';
import { runAttached } from '../run-attached.ts';

/** Starts the stack of docker-compose.yml, where nothing is in its way. */
export const up: Command = {
  name: 'up',
  parameters: [],
  rest: '<service>...',
  options: [],
  summary:
    'check configuration, secrets, ports, hosts and the Docker engine, say what to mend, and start the stack',
  async run({ configFile, rest }, { print, say }) {
    const { problems, warnings } = await findObstacles(configFile, rest);
    for (const warning of warnings) say(`warning: ${warning}`);
    if (problems.length > 0) {
      print(problems.map((problem) => `${problem}\n`).join(''));
      say('nothing was started');
      return 1;
    }
    const folder = dirname(resolve(configFile));
    const compose = ['docker', 'compose', '--project-directory', folder, 'up', '--detach', ...rest] as const;
    const { exitCode, problem } = await runAttached(compose, commandEnvironment());
    if (problem !== undefined) say(problem);
    return exitCode;
  },
};

interface Obstacles {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** All of them at once, as far as one does not hide the others. */
async function findObstacles(configFile: string, services: readonly string[]): Promise<Obstacles> {
  const place = { folder: dirname(resolve(configFile)), services };
  const [loaded, ofEngine] = await Promise.all([loadInventory(configFile), engineProblems()]);
  const ofStack = await stackProblems(place, ofEngine.length > 0);
  if (!loaded.ok)
    return { problems: [...loaded.problems.map(formatProblem), ...ofEngine, ...ofStack], warnings: [] };
  const [ofSecrets, warnings] = await Promise.all([secretProblems(loaded), reachabilityWarnings(loaded)]);
  const ofFile = [...checkPolicies(loaded).map(formatProblem), ...pinProblems(loaded)];
  return { problems: [...ofFile, ...ofSecrets, ...ofEngine, ...ofStack], warnings };
}

/** What compose makes of docker-compose.yml is what is looked at, since that is what it starts. */
async function stackProblems(place: ComposePlace, isEngineAtFault: boolean): Promise<string[]> {
  try {
    return await portProblems(await readComposeConfig(place));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return isEngineAtFault ? [] : [error.message];
  }
}
