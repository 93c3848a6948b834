import { dirname, resolve } from 'node:path';
import { loadInventory, type LoadResult } from '../../inventory/load.ts';
import { formatProblem } from '../../inventory/problem.ts';
import { checkPolicies } from '../../remediator/checks/check-policies.ts';
import { answerWarnings } from '../before-up/answers.ts';
import { databaseProblems } from '../before-up/database.ts';
import { engineProblems } from '../before-up/engine.ts';
import { mountProblems } from '../before-up/mounts.ts';
import { ownHostProblems } from '../before-up/own-host.ts';
import { portProblems } from '../before-up/ports.ts';
import { pinProblems, reachabilityWarnings } from '../before-up/reachability.ts';
import { readableProblems } from '../before-up/readable.ts';
import { secretProblems } from '../before-up/secrets.ts';
import { volumeProblems } from '../before-up/volumes.ts';
import { CommandError, type Command } from '../command.ts';
import { readComposeConfig, type ComposePlace } from '../compose-config.ts';
import { commandEnvironment } from '../config.ts';
import { runAttached } from '../run-attached.ts';
import { secretFiles } from '../secret-files.ts';
import { untilHealthy } from '../until-healthy.ts';

/** Starts the stack of docker-compose.yml, where nothing is in its way. */
export const up: Command = {
  name: 'up',
  parameters: [],
  rest: '<service>...',
  options: [],
  summary:
    'check configuration, secrets, ports, hosts, volumes and the Docker engine, say what to mend, start the stack, and wait until it is healthy',
  async run({ configFile, rest }, { print, say, progress }) {
    const place = { folder: dirname(resolve(configFile)), services: rest };
    const { problems, warnings } = await findObstacles(configFile, place);
    for (const warning of warnings) say(`warning: ${warning}`);
    if (problems.length > 0) {
      print(problems.map((problem) => `${problem}\n`).join(''));
      say('nothing was started');
      return 1;
    }
    const compose = ['docker', 'compose', '--project-directory', place.folder] as const;
    const { exitCode, problem } = await runAttached(
      [...compose, 'up', '--detach', ...rest],
      commandEnvironment(),
      // From there on COMPOSE_FILE names files.
      place.folder,
    );
    if (problem !== undefined) say(problem);
    if (exitCode !== 0) return exitCode;
    const { services } = await readComposeConfig(place);
    const failed = await untilHealthy(place.folder, Object.keys(services), progress);
    for (const { service, state, lastLine } of failed)
      print(`${service} is not healthy (${state}): ${lastLine === '' ? 'its log is empty' : lastLine}\n`);
    if (failed.length > 0) say('docker compose logs <service> shows more; docker compose down stops all');
    return failed.length === 0 ? 0 : 1;
  },
};

interface Obstacles {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** All of them at once, as far as one does not hide the others. */
async function findObstacles(configFile: string, place: ComposePlace): Promise<Obstacles> {
  const [loaded, ofEngine] = await Promise.all([loadInventory(configFile), engineProblems()]);
  const ofStack = await stackProblems(place, loaded, ofEngine.length > 0);
  if (!loaded.ok)
    return { problems: [...loaded.problems.map(formatProblem), ...ofEngine, ...ofStack], warnings: [] };
  const [ofSecrets, ...warnings] = await Promise.all([
    secretProblems(loaded),
    reachabilityWarnings(loaded),
    answerWarnings(loaded),
  ]);
  const ofFile = [...checkPolicies(loaded).map(formatProblem), ...pinProblems(loaded)];
  const problems = [...ofFile, ...ofSecrets, ...ofEngine, ...ofStack];
  if (problems.length > 0) return { problems, warnings: warnings.flat() };
  // A look into a volume or a database takes a container, and maybe its image first.
  const ofState = [...(await volumeProblems(loaded, place)), ...(await databaseProblems(loaded, place))];
  return { problems: ofState, warnings: warnings.flat() };
}

/** What compose makes of docker-compose.yml is what is looked at, since that is what it starts. */
async function stackProblems(
  place: ComposePlace,
  loaded: LoadResult,
  isEngineAtFault: boolean,
): Promise<string[]> {
  try {
    const config = await readComposeConfig(place);
    const ofPorts = await portProblems(config);
    if (!loaded.ok) return ofPorts;
    // Of secrets that steward.yml names, secretProblems tells.
    const { folder, keys, passwords, web, ofOperator } = secretFiles(loaded);
    const paths = [...[...keys, ...web].map(({ path }) => path), ...passwords, ...ofOperator];
    const ofMounts = await mountProblems(config, paths);
    const ofHosts = ownHostProblems(loaded.inventory, config);
    return [...ofPorts, ...ofMounts, ...ofHosts, ...(await readableProblems(config, folder))];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return isEngineAtFault ? [] : [error.message];
  }
}
