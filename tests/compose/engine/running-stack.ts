import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Engine } from './engine.ts';
import type { Project } from './project.ts';

/** A run, as `steward runs --json` tells it, as far as it is asked here. */
export interface ShownRun {
  readonly id: string;
  readonly policy: string | null;
  readonly state: string;
  readonly outcome: string | null;
  readonly events: readonly { readonly kind: string }[];
}

/** Waits until Prometheus has that many targets, and has read all of them well. */
export async function untilScraped(project: Project, targets: number): Promise<void> {
  await waitUntil(async () => (await project.query(`count(up == 1) == ${targets}`)) !== undefined, {
    what: `all ${targets} targets to be scraped`,
    timeoutMs: 120_000,
    intervalMs: 500,
  });
}

/** Waits until services answer what the engine asks them for their health, which is sooner than it asks again. */
export async function untilAnswers(project: Project, ...services: readonly string[]): Promise<void> {
  for (const service of services) {
    await waitUntil(
      async () => {
        const [, ...check] = (await project.inspect(service)).Config.Healthcheck.Test;
        return project.compose(['exec', '-T', service, ...check]);
      },
      { what: `${service} to answer`, timeoutMs: 60_000 },
    );
  }
}

/** Kills the processes of a service, and waits until the engine has started it again. */
export async function killAndAwait(engine: Engine, project: Project, service: string): Promise<void> {
  const { State, RestartCount } = await project.inspect(service);
  await engine.runBeside(['kill', '-KILL', String(State.Pid)]);
  await waitUntil(async () => (await project.inspect(service)).RestartCount > RestartCount, {
    what: `${service} to be started again`,
  });
  await untilAnswers(project, service);
}

/** Waits until a run is as it should be, and returns it. It is asked for in the container of a remediator, as README says. */
export async function untilRun(
  project: Project,
  condition: (run: ShownRun) => boolean,
  remediator = 'remediator',
): Promise<ShownRun> {
  let runs: readonly ShownRun[] = [];
  return waitUntil(
    async () => {
      const { stdout } = await project.compose(['exec', '-T', remediator, 'steward', 'runs', '--json']);
      ({ runs } = JSON.parse(stdout) as { runs: readonly ShownRun[] });
      return runs.find(condition);
    },
    {
      what: `a run, ${condition.toString()}`,
      timeoutMs: 240_000,
      intervalMs: 500,
      explain: () => JSON.stringify(runs.slice(0, 5)),
    },
  );
}

/** How often a run began to act. */
export function startsOf({ events }: ShownRun): number {
  return events.filter(({ kind }) => kind === 'acting').length;
}

/** Reports a success of the demo's job, from inside the network. */
export async function pingJob(project: Project): Promise<void> {
  const ping = `fetch('http://127.0.0.1:9840/ping/nightly-backup', {
    method: 'POST',
    headers: { authorization: 'Bearer ' + require('fs').readFileSync('/etc/steward/secrets/ping_token', 'utf8') },
  }).then(({ status }) => process.exit(status === 200 ? 0 : 1))`;
  await project.compose(['exec', '-T', 'exporter', 'node', '-e', ping]);
}
