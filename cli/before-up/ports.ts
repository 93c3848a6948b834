import { once } from 'node:events';
import { createServer } from 'node:net';
import { runQuiet } from '../run-quiet.ts';

/** What docker-compose.yml publishes on 127.0.0.1, and for which service. */
const published = { remediator: 9841, grafana: 3000 } as const;

/** Says which ports that the stack publishes are taken by something else than this stack. */
export async function portProblems(services: readonly string[]): Promise<string[]> {
  const wanted = Object.entries(published).filter(
    ([service]) => services.length === 0 || services.includes(service),
  );
  const problems = await Promise.all(
    wanted.map(async ([service, port]) => {
      if ((await isFree(port)) || (await isOurs(port))) return [];
      return [
        `port ${port} of 127.0.0.1, where the ${service} is to be, is taken: end what listens there (ss -ltnp 'sport = :${port}')`,
      ];
    }),
  );
  return problems.flat();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const failed = once(server, 'error').then(() => false);
  server.listen(port, '127.0.0.1');
  const free = await Promise.race([once(server, 'listening').then(() => true), failed]);
  server.close();
  return free;
}

/** A stack that is up already has its ports, and may be brought up again. */
async function isOurs(port: number): Promise<boolean> {
  const projects = [
    'ps',
    '--filter',
    `publish=${port}`,
    '--format',
    '{{.Label "com.docker.compose.project"}}',
  ];
  const { stdout } = await runQuiet(['docker', ...projects]);
  return stdout.trim() === 'steward';
}
