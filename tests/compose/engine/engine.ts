import { access, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { runCommand, type CommandResult } from '../../../lab/parts/run-command.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { machinePrograms, type EnginePrograms } from './engine-programs.ts';

/** A Docker engine of its own, in namespaces of its own: when it ends, its containers, networks and mounts are gone with it. */
export interface Engine {
  /** Runs `docker` on it. */
  docker(args: readonly string[], timeoutMs?: number): Promise<CommandResult>;
  /** Runs a program among the engine's processes and where it publishes its ports, as somebody at its machine would. */
  runBeside(argv: readonly string[], timeoutMs?: number): Promise<CommandResult>;
  /** What `docker` has in its environment to find it and its programs, each as `NAME=value`. */
  readonly settings: readonly string[];
  /** Ends all its processes at once, as a machine does that loses its power, and starts it again on the same data. */
  cutPower(): Promise<void>;
  stop(): Promise<void>;
}

const MINUTE = 60_000;

/**
 * Starts `dockerd` with its data and sockets in a folder. It sees no network but its own, so that no rule of this
 * machine's firewall and no bridge is touched, and nothing can be pulled. Its mounts are shared, as systemd has it,
 * so that containers may follow them. Rejects where no engine can be started here, saying why.
 */
export async function startEngine(folder: string, programs = machinePrograms()): Promise<Engine> {
  if (process.getuid?.() !== 0) throw new Error('an engine is started as root only');
  const host = `unix://${join(folder, 'run/docker.sock')}`;
  const client = join(folder, 'client');
  await linkPlugins(join(client, 'cli-plugins'), programs);
  const settings = [...programs.environment, `DOCKER_CONFIG=${client}`, `DOCKER_HOST=${host}`];
  const docker = (args: readonly string[], timeoutMs = MINUTE) =>
    runCommand(['env', ...settings, 'docker', ...args], { timeoutMs });
  const isReady = async () => (await docker(['info'], 5000)).stdout !== '';
  const start = () => startDaemon(folder, [...daemonWords(folder, programs), '-H', host], isReady);
  let child = await start();
  return {
    settings,
    docker,
    runBeside: async (argv, timeoutMs = MINUTE) => {
      const inner = await innerProcess(child.pid);
      return runCommand(['nsenter', '-t', String(inner), '--net', '--pid', '--mount', '--', ...argv], {
        timeoutMs,
      });
    },
    async cutPower() {
      const inner = await innerProcess(child.pid);
      child.kill('SIGKILL');
      // The first of the namespaces is gone once all others are.
      await waitUntil(() => isGone(inner), { what: 'all of the engine to be gone' });
      child = await start();
    },
    stop: () => stopEngine(child),
  };
}

async function startDaemon(
  folder: string,
  daemon: readonly string[],
  isReady: () => Promise<boolean>,
): Promise<RunningProcess> {
  // On a machine this is in memory, and gone after a start.
  await rm(join(folder, 'run'), { recursive: true, force: true });
  await mkdir(join(folder, 'run'));
  const child = await startProcess({
    name: 'dockerd',
    argv: inNamespaces(['ip link set lo up && mount --make-rshared / && exec "$@"', 'sh', ...daemon]),
    logFile: join(folder, 'dockerd.log'),
    debianPackage: 'docker.io',
  });
  try {
    await child.untilReady(isReady, MINUTE);
  } catch (error) {
    await stopEngine(child);
    throw error;
  }
  return child;
}

/** `unshare` takes no SIGTERM while it waits for its child, so what it gets when this process dies is SIGKILL, which it hands on. */
function inNamespaces(script: readonly string[]): [string, ...string[]] {
  const namespaces = ['--net', '--mount', '--pid', '--mount-proc', '--fork', '--kill-child'];
  return ['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', ...namespaces, 'sh', '-c', ...script];
}

async function linkPlugins(folder: string, { plugins }: EnginePrograms): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const plugin of plugins) await symlink(plugin, join(folder, basename(plugin)));
}

function daemonWords(folder: string, { dockerd, options, environment }: EnginePrograms): string[] {
  const places = { 'data-root': 'data', 'exec-root': 'run/exec', pidfile: 'run/pid' };
  const flags = Object.entries(places).flatMap(([flag, name]) => [`--${flag}`, join(folder, name)]);
  return ['env', ...environment, dockerd, ...flags, ...options];
}

/** The process that `unshare` waits for: the first of the new namespaces. */
async function innerProcess(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(children.trim());
}

async function isGone(pid: number): Promise<boolean> {
  return access(`/proc/${pid}`).then(
    () => false,
    () => true,
  );
}

async function stopEngine(child: RunningProcess): Promise<void> {
  if (child.hasEnded()) return;
  const inner = await innerProcess(child.pid);
  if (inner > 0) process.kill(inner, 'SIGTERM');
  await waitUntil(() => child.hasEnded(), {
    what: 'dockerd to end',
    timeoutMs: MINUTE,
    explain: () => child.logTail(),
  });
}
