import { join } from 'node:path';
import { CommandError } from '../command.ts';
import {
  composeAloud,
  docker,
  projectWords,
  readComposeConfig,
  type ComposeConfig,
  type ComposePlace,
} from '../compose-config.ts';
import { exists } from '../secret-files.ts';

/** The volumes of docker-compose.yml that hold what cannot be had again. */
const STATE = ['exporter', 'remediator', 'alertmanager', 'alertmanager-2', 'grafana'];
/** The one with the measurements, which is large. */
export const MEASUREMENTS = 'prometheus';

/** A volume of the stack. */
export interface Volume {
  /** Its name in docker-compose.yml. */
  readonly id: string;
  /** Its name at the engine. */
  readonly name: string;
  /** The service that writes it, and the account it does that as. */
  readonly service: string;
  readonly user: string;
}

/** The stack as compose reads it, as far as state is concerned. */
export interface Stack {
  /** What compose is told first, so that it reads the stack like this. */
  readonly project: readonly string[];
  readonly config: ComposeConfig;
  /** An image with Node, a shell and tar. */
  readonly image: string;
  readonly volumes: readonly Volume[];
}

/** Whether steward.yml stands beside a docker-compose.yml. */
export function hasStack(folder: string): Promise<boolean> {
  return exists(join(folder, 'docker-compose.yml'));
}

/** Asks compose for the volumes of a place that hold state. Rejects with a CommandError where it cannot say. */
export async function readStack(place: ComposePlace): Promise<Stack> {
  const config = await readComposeConfig(place);
  const { services, volumes } = config;
  const image = services['remediator']?.image;
  if (image === undefined) throw new CommandError('docker-compose.yml has no image of a remediator');
  const found = Object.entries(services).flatMap(([service, { user = '0', volumes: mounts }]) =>
    mounts.flatMap(({ type, source = '' }) => {
      const name = volumes[source]?.name;
      const isState = type === 'volume' && [...STATE, MEASUREMENTS].includes(source);
      return isState && name !== undefined ? [{ id: source, name, service, user }] : [];
    }),
  );
  return { project: await projectWords(place), config, image, volumes: found };
}

/** Whether the engine has a volume. */
export async function isThere({ name }: Pick<Volume, 'name'>): Promise<boolean> {
  return (await docker(['volume', 'ls', '--quiet', '--filter', `name=^${name}$`])).trim() === name;
}

/** Whether the engine has the image that reads and fills volumes. It is never asked for elsewhere. */
export async function hasImage({ image }: Stack): Promise<boolean> {
  return (await docker(['image', 'ls', '--quiet', image])).trim() !== '';
}

/** Whether containers of the stack run. */
export async function runs({ project }: Stack, folder: string): Promise<boolean> {
  return (
    (await docker(['compose', ...project, 'ps', '--quiet', '--status', 'running'], folder)).trim() !== ''
  );
}

/** Has compose make the volumes, with the containers of those who write them. What it says goes to standard error. */
export async function createVolumes(folder: string, volumes: readonly Volume[]): Promise<void> {
  const services = volumes.map(({ service }) => service);
  if ((await composeAloud(folder, ['create', ...services])) !== 0)
    throw new CommandError(
      'docker compose create failed, see above; the files are back, the volumes are not: run this again with --overwrite',
    );
}

/** The words of a container that does one thing with a volume, which it sees at /state, and then is gone. It reaches no network. */
export function onVolume(
  { image }: Stack,
  { name, user }: Volume,
  program: readonly [string, ...string[]],
): [string, ...string[]] {
  const [entry, ...args] = program;
  const bounds = ['--network', 'none', '--read-only', '--cap-drop', 'ALL', '--tmpfs', '/tmp'];
  return [
    'docker',
    'run',
    '--pull=never',
    '--rm',
    '--interactive',
    '--log-driver',
    'none',
    ...bounds,
    '--security-opt',
    'no-new-privileges',
    ...['--user', user, '--volume', `${name}:/state`, '--env', 'NODE_NO_WARNINGS=1'],
    ...['--entrypoint', entry, image, ...args],
  ];
}
