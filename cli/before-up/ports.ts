import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ComposeConfig } from '../compose-config.ts';
import { runQuiet } from '../run-quiet.ts';

/** The variables in `.env` that move what docker-compose.yml publishes. */
const variables: Readonly<Record<string, string>> = {
  remediator: 'STEWARD_REMEDIATOR_PORT',
  grafana: 'STEWARD_GRAFANA_PORT',
};

/** Says which ports that the stack is about to publish are taken by something else than this stack. */
export async function portProblems({ name: project, services }: ComposeConfig): Promise<string[]> {
  const wanted = Object.entries(services).flatMap(([service, { ports }]) =>
    ports
      // One that the engine chooses, from all or from a range, is never in the way.
      .filter(({ protocol = 'tcp', published }) => protocol === 'tcp' && /^\d+$/.test(published ?? ''))
      .map(({ host_ip: address = '0.0.0.0', published }) => ({ service, address, port: Number(published) })),
  );
  const problems = await Promise.all(
    wanted.map(async ({ service, address, port }) => {
      if (!(await isTaken(address, port)) || (await isOf(project, port))) return [];
      const variable = variables[service];
      const other = variable === undefined ? '' : `, or write ${variable}=<another> into .env`;
      return [
        `port ${port} of ${address}, where the ${service} is to be, is taken: end what listens there (ss -ltnp 'sport = :${port}')${other}`,
      ];
    }),
  );
  return problems.flat();
}

async function isTaken(address: string, port: number): Promise<boolean> {
  const server = createServer();
  const failed = once(server, 'error').then(([error]) => (error as NodeJS.ErrnoException).code);
  server.listen(port, address);
  const failure = await Promise.race([once(server, 'listening').then(() => undefined), failed]);
  server.close();
  return failure === 'EADDRINUSE';
}

/** A stack that is up already has its ports, and may be brought up again. */
async function isOf(project: string, port: number): Promise<boolean> {
  const projects = [
    'ps',
    '--filter',
    `publish=${port}`,
    '--format',
    '{{.Label "com.docker.compose.project"}}',
  ];
  const { stdout } = await runQuiet(['docker', ...projects]);
  return stdout.split('\n').includes(project);
}
