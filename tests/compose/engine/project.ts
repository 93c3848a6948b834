import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, type CommandResult } from '../../../lab/parts/run-command.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { root } from '../compose.ts';
import type { Engine } from './engine.ts';

/** A clone of this repository whose stack runs on an engine. */
export interface Project {
  readonly folder: string;
  /** Runs `docker compose` there. */
  compose(args: readonly string[], timeoutMs?: number): Promise<CommandResult>;
  /** Runs a line of a page there, where there is no program but `docker`. The clone was quickened. */
  shell(line: string): Promise<CommandResult>;
  /** Runs the real `steward` command there, beside the engine. */
  steward(args: readonly string[]): Promise<CommandResult>;
  /** What the engine says of a service's container. */
  inspect(service: string): Promise<Container>;
  /** The value of a PromQL query, or undefined where it returns nothing. */
  query(text: string): Promise<number | undefined>;
}

/** What `docker inspect` says of a container, as far as it is asked here. */
export interface Container {
  readonly Id: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly Healthcheck: { readonly Test: readonly string[] } };
  readonly HostConfig: { readonly ReadonlyRootfs: boolean; readonly Memory: number };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { HostIp: string; HostPort: string }[] | null>>;
  };
}

const QUARTER_HOUR = 15 * 60_000;
const leftOut = /^(?:node_modules|\.git|dist|secrets|steward\.yml|\.env)$/;

/** Who owns the clone: not the user of the images, and nobody that this machine knows. */
export const OPERATOR = 12_345;
/** Grafana's image cannot be made: where a line of a page starts all, it is left out. */
const withoutGrafana = 'services: { grafana: { profiles: [left-out] } }\n';

/** Copies the repository as an operator's clone has it. `compose` there has the profiles on. */
export async function createProject(engine: Engine, folder: string, profiles = 'demo'): Promise<Project> {
  await mkdir(folder, { recursive: true });
  await cp(root, folder, {
    recursive: true,
    filter: (source) => !leftOut.test(source.slice(root.length + 1)),
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await runCommand(['chown', '-hR', `${OPERATOR}:${OPERATOR}`, folder]);
  const onlyDocker = await folderWithDocker(engine, `${folder}-docker`);
  const steward = (args: readonly string[]) =>
    engine.runBeside(
      [
        'env',
        ...engine.settings,
        process.execPath,
        join(folder, 'cli/steward.js'),
        '--config',
        join(folder, 'steward.yml'),
        ...args,
      ],
      QUARTER_HOUR,
    );
  const compose = composeOn(engine, folder, profiles);
  return {
    folder,
    compose,
    steward,
    shell: (line) =>
      runCommand(['env', '-i', ...engine.settings, ...onlyDocker, '/bin/sh', '-c', line], {
        cwd: folder,
        timeoutMs: QUARTER_HOUR,
      }),
    async inspect(service) {
      const { stdout: id } = await compose(['ps', '--all', '--quiet', service]);
      const { stdout } = await engine.docker(['inspect', id.trim()]);
      const [container] = JSON.parse(stdout) as Container[];
      if (container === undefined) throw new Error(`no container of ${service}`);
      return container;
    },
    query: (text) => queryPrometheus(compose, text),
  };
}

/** Makes a folder that leaves a shell nothing but `docker` to start, and returns what tells the shell so. */
async function folderWithDocker(engine: Engine, folder: string): Promise<string[]> {
  const [bin, withoutGrafanaFile] = [join(folder, 'bin'), join(folder, 'without-grafana.yml')];
  await mkdir(bin, { recursive: true });
  const { stdout: docker } = await runCommand(['env', ...engine.settings, 'sh', '-c', 'command -v docker']);
  await symlink(docker.trim(), join(bin, 'docker'));
  await writeFile(withoutGrafanaFile, withoutGrafana);
  return [`PATH=${bin}`, `COMPOSE_FILE=docker-compose.yml:docker-compose.override.yml:${withoutGrafanaFile}`];
}

function composeOn(engine: Engine, folder: string, profiles: string): Project['compose'] {
  const env = ['env', ...engine.settings, `COMPOSE_PROFILES=${profiles}`] as const;
  return (args, timeoutMs = QUARTER_HOUR) =>
    runCommand([...env, 'docker', 'compose', '--project-directory', folder, '--progress', 'plain', ...args], {
      cwd: folder,
      timeoutMs,
    });
}

/** Asks from inside the network, with the client of the image, since Prometheus is not published. */
async function queryPrometheus(compose: Project['compose'], text: string): Promise<number | undefined> {
  const client = [
    'promtool',
    'query',
    'instant',
    '--format=json',
    '--http.config.file=/etc/prometheus/client.yml',
  ];
  const { stdout } = await compose(['exec', '-T', 'prometheus', ...client, 'http://127.0.0.1:9090', text]);
  const [sample] = JSON.parse(stdout) as { value: [number, string] }[];
  return sample === undefined ? undefined : Number(sample.value[1]);
}

/** Waits until a container says that it is healthy, and returns what the engine says of it then. */
export async function untilHealthy(project: Project, service: string): Promise<Container> {
  return waitUntil(
    async () => {
      const container = await project.inspect(service);
      return container.State.Health?.Status === 'healthy' && container;
    },
    { what: `${service} to be healthy`, timeoutMs: 120_000, intervalMs: 500 },
  );
}
