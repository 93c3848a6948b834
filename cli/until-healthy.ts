import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { docker } from './compose-config.ts';

/** As long as the healthchecks of docker-compose.yml may take to call something unhealthy. */
const LONGEST_MS = 3 * 60_000;
const INTERVAL_MS = 1000;
/** One that the engine starts again so often, while it is looked at, ends at each start. */
const STARTS = 3;

const SERVICE = 'com.docker.compose.service';

const containerSchema = z
  .object({
    State: z.object({ Status: z.string(), Health: z.object({ Status: z.string() }).optional() }),
    Config: z.object({ Labels: z.record(z.string(), z.string()) }),
  })
  .transform(({ State, Config }) => ({
    service: Config.Labels[SERVICE] ?? '',
    state: State.Status,
    /** Undefined where nobody asks it whether it is healthy. */
    health: State.Health?.Status,
  }));

/** A container of the stack, as the engine sees it. */
type Container = z.output<typeof containerSchema>;

/** A service that does not work, and the last line of its log. */
export interface FailedService {
  readonly service: string;
  readonly state: string;
  readonly lastLine: string;
}

/**
 * Waits until the containers of some services run and are healthy where they say whether they are. Resolves with those that are not: as soon as
 * one has ended, is unhealthy or starts again and again, or after three minutes.
 */
export async function untilHealthy(
  folder: string,
  services: readonly string[],
  progress: (line: string) => void,
): Promise<FailedService[]> {
  const project = ['compose', '--project-directory', folder];
  const restarts = new Map<string, number>();
  const end = Date.now() + LONGEST_MS;
  for (;;) {
    const containers = await look(project, folder);
    const pending = containers.filter((one) => services.includes(one.service) && !isHealthy(one));
    for (const { service, state } of pending)
      if (state === 'restarting') restarts.set(service, (restarts.get(service) ?? 0) + 1);
    const failed = pending.filter((one) => hasFailed(one) || (restarts.get(one.service) ?? 0) >= STARTS);
    progress(pending.length === 0 ? '' : `waiting for ${pending.map(({ service }) => service).join(', ')}`);
    if (pending.length === 0 || failed.length > 0 || Date.now() > end) {
      progress('');
      return Promise.all((failed.length > 0 ? failed : pending).map((one) => explain(project, folder, one)));
    }
    await setTimeout(INTERVAL_MS);
  }
}

/** What compose itself shows of state and health may be of two moments, and then has no health where there is one. */
async function look(project: readonly string[], folder: string): Promise<Container[]> {
  const ids = (await docker([...project, 'ps', '--all', '--quiet'], folder))
    .split('\n')
    .filter((id) => id !== '');
  if (ids.length === 0) return [];
  return z.array(containerSchema).parse(JSON.parse(await docker(['inspect', ...ids])));
}

function isHealthy({ state, health = 'healthy' }: Container): boolean {
  return state === 'running' && health === 'healthy';
}

function hasFailed({ state, health }: Container): boolean {
  return state === 'exited' || state === 'dead' || (state === 'running' && health === 'unhealthy');
}

async function explain(
  project: readonly string[],
  folder: string,
  { service, state, health = state }: Container,
): Promise<FailedService> {
  const options = ['--no-color', '--no-log-prefix', '--tail', '1'];
  const log = await docker([...project, 'logs', ...options, service], folder);
  return { service, state: state === 'running' ? health : state, lastLine: log.trim().slice(0, 1000) };
}
