import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hardenScript, removeScript } from '../../hosts/harden/harden-script.ts';
import { loadInventory } from '../../inventory/load.ts';
import { formatProblem } from '../../inventory/problem.ts';
import { actVerbsOf } from '../../remediator/actions.ts';
import { freePorts } from '../parts/free-port.ts';
import type { RunningProcess } from '../parts/process.ts';
import { runCommand } from '../parts/run-command.ts';
import { startSshd, type Sshd } from '../parts/sshd.ts';
import { createTempFolder } from '../parts/temp-folder.ts';
import { startWordPressSite, type WordPressSite } from '../site/wordpress-site.ts';
import {
  writeAlertmanagerConfiguration,
  writeInventory,
  writePrometheusConfiguration,
  writeSecrets,
  type LabPorts,
  type LabSecrets,
} from './lab-files.ts';
import { recordLab, removeLab, removeLeftovers, type LabState } from './leftovers.ts';
import { startAlertmanager, startPrometheus, startSteward, untilScraped } from './servers.ts';

/** The whole loop against a real WordPress site, on loopback. */
export interface Lab {
  readonly folder: string;
  readonly user: string;
  readonly ports: LabPorts;
  readonly secrets: LabSecrets;
  readonly site: WordPressSite;
  readonly sshd: Sshd;
  readonly controlSocket: string;
  readonly processes: Record<'exporter' | 'remediator' | 'prometheus' | 'alertmanager', RunningProcess>;
  /** Starts a process of Steward again, after it was ended. */
  restart(name: 'exporter' | 'remediator'): Promise<void>;
  /** Ends everything and leaves nothing behind. */
  stop(): Promise<void>;
}

/** How a lab is set up. */
export interface LabOptions {
  /** Prometheus scrapes and evaluates this often. */
  readonly intervalSeconds: number;
  readonly log: (line: string) => void;
  /** Where the main files of exporter and remediator are, where not in the checkout: `<folder>/<name>/main.js`. */
  readonly programs?: string;
}

/** Sets everything up. Where that fails, what was made is taken away again. */
export async function startLab(options: LabOptions): Promise<Lab> {
  await removeLeftovers();
  const folder = await createTempFolder('steward-lab');
  const user = `steward-lab-${randomBytes(2).toString('hex')}`;
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.use(folder);
  const { log } = options;
  log('setting up WordPress, its database, PHP-FPM and nginx');
  const [site, sshd, ports] = await Promise.all([
    startWordPressSite(folder.path).then((started) => {
      cleanUp.defer(() => started.stop());
      return started;
    }),
    startSshd({ folder: join(folder.path, 'sshd'), authorizedKeysFile: '%h/.ssh/authorized_keys' }).then(
      (started) => {
        cleanUp.defer(() => started.stop());
        return started;
      },
    ),
    freePorts(4).then(namePorts),
  ]);
  const secrets = await writeSecrets(folder.path);
  const file = await writeInventory(folder.path, {
    user,
    sshPort: sshd.port,
    hostKey: sshd.hostKeyFingerprint,
    ports,
    intervalSeconds: options.intervalSeconds,
    site: { ...site, supervisorConfig: site.supervisor.configFile },
  });
  log(`hardening this machine for the account ${user}, by the script of \`steward host harden\``);
  const state = await harden(folder.path, user, file);
  cleanUp.defer(() => removeLab(user, state));
  await writePrometheusConfiguration(folder.path, ports, options.intervalSeconds);
  await writeAlertmanagerConfiguration(folder.path, ports);
  log('starting exporter, remediator, Alertmanager and Prometheus');
  const { processes, start } = await startServers(cleanUp, folder.path, ports, secrets, options.programs);
  const stack = cleanUp.move();
  return {
    folder: folder.path,
    user,
    ports,
    secrets,
    site,
    sshd,
    controlSocket: state.controlSocket,
    processes,
    async restart(name) {
      await processes[name].stop();
      processes[name] = cleaned(stack, await start(name));
    },
    stop: () => stack.disposeAsync(),
  };
}

async function startServers(
  cleanUp: AsyncDisposableStack,
  folder: string,
  ports: LabPorts,
  secrets: LabSecrets,
  programs: string | undefined,
) {
  const entry = (name: string) => (programs === undefined ? undefined : join(programs, name, 'main.js'));
  const start = (name: 'exporter' | 'remediator') => startSteward(name, folder, ports, entry(name));
  const processes: Lab['processes'] = {
    exporter: cleaned(cleanUp, await start('exporter')),
    remediator: cleaned(cleanUp, await start('remediator')),
    alertmanager: cleaned(cleanUp, await startAlertmanager(folder, ports, secrets)),
    prometheus: cleaned(cleanUp, await startPrometheus(folder, ports, secrets)),
  };
  await untilScraped(ports, secrets);
  return { processes, start };
}

function namePorts([exporter = 0, remediator = 0, prometheus = 0, alertmanager = 0]: number[]): LabPorts {
  return { exporter, remediator, prometheus, alertmanager };
}

function cleaned(stack: AsyncDisposableStack, process: RunningProcess): RunningProcess {
  stack.defer(() => process.stop());
  return process;
}

async function harden(folder: string, user: string, file: string): Promise<LabState> {
  const loaded = await loadInventory(file);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const { inventory } = loaded;
  const state: LabState = {
    pid: process.pid,
    folder,
    removeScript: removeScript(inventory, 'lab'),
    controlSocket: join(folder, 'control.sock'),
  };
  await recordLab(user, state);
  const publicKey = (role: string) => readFile(join(folder, 'secrets', role, 'lab.pub'), 'utf8');
  const script = await hardenScript(
    inventory,
    'lab',
    { readPublicKey: await publicKey('read'), actPublicKey: await publicKey('act') },
    actVerbsOf(inventory.policies),
  );
  await runCommand(['sh'], { stdin: script });
  return state;
}
