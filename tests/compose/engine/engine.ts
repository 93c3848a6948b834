import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { runCommand, type CommandResult } from '../../../lab/parts/run-command.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';

/** A Docker engine of its own, in namespaces of its own: when it ends, its containers, networks and mounts are gone with it. */
export interface Engine {
  /** Runs `docker` on it. */
  docker(args: readonly string[], timeoutMs?: number): Promise<CommandResult>;
  /** Runs a program among the engine's processes and where it publishes its ports, as somebody at its machine would. */
  runBeside(argv: readonly string[], timeoutMs?: number): Promise<CommandResult>;
  /** Its address, for DOCKER_HOST. */
  readonly host: string;
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
export async function startEngine(folder: string): Promise<Engine> {
  if (process.getuid?.() !== 0) throw new Error('an engine is started as root only');
  const host = `unix://${join(folder, 'run/docker.sock')}`;
  const docker = (args: readonly string[], timeoutMs = MINUTE) =>
    runCommand(['docker', '-H', host, ...args], { timeoutMs });
  const start = () => startDaemon(folder, host, async () => (await docker(['info'], 5000)).stdout !== '');
  let child = await start();
  return {
    host,
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
  host: string,
  isReady: () => Promise<boolean>,
): Promise<RunningProcess> {
  // On a machine this is in memory, and gone after a start.
  await rm(join(folder, 'run'), { recursive: true, force: true });
  await mkdir(join(folder, 'run'));
  const child = await startProcess({
    name: 'dockerd',
    argv: inNamespaces(
      `ip link set lo up && mount --make-rshared / && exec dockerd ${places(folder)} -H '${host}'`,
    ),
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
function inNamespaces(script: string): [string, ...string[]] {
  const namespaces = ['--net', '--mount', '--pid', '--mount-proc', '--fork', '--kill-child'];
  return ['setpriv', '--pdeathsig', 'KILL', '--', 'unshare', ...namespaces, 'sh', '-c', script];
}

function places(folder: string): string {
  const place = (flag: string, name: string) => `--${flag} '${join(folder, name)}'`;
  return [place('data-root', 'data'), place('exec-root', 'run/exec'), place('pidfile', 'run/pid')].join(' ');
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
