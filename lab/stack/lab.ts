import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startRunningBot, type RunningBot } from '../bot/running-bot.ts';
import { freePorts } from '../parts/free-port.ts';
import type { RunningProcess } from '../parts/process.ts';
import { allSettledOrThrow } from '../parts/settle.ts';
import { startSshd, type Sshd } from '../parts/sshd.ts';
import { createTempFolder } from '../parts/temp-folder.ts';
import { startPublishedSite } from '../site/published-site.ts';
import type { WordPressOrgDouble } from '../site/wordpress-org-double.ts';
import { startWordPressSite, type WordPressSite } from '../site/wordpress-site.ts';
import { hostScripts } from './harden.ts';
import {
  writeAlertmanagerConfiguration,
  writePrometheusConfiguration,
  writeSecrets,
  type LabPorts,
  type LabSecrets,
} from './lab-files.ts';
import { writeInventory, type StewardYml } from './lab-inventory.ts';
import { runAsRoot } from './run-as-root.ts';
import { recordLab, removeLab, removeLeftovers, stateOfNewLab, type LabState } from './leftovers.ts';
import { startAlertmanager, startPrometheus, startSteward, untilScraped } from './servers.ts';

/** The whole loop against a real WordPress site, on loopback. */
export interface Lab {
  readonly folder: string;
  readonly user: string;
  readonly ports: LabPorts;
  readonly secrets: LabSecrets;
  readonly site: WordPressSite;
  readonly bot: RunningBot;
  readonly controlSocket: string;
  readonly processes: Record<'exporter' | 'remediator' | 'prometheus' | 'alertmanager', RunningProcess>;
  /** Starts a process of Steward again, after it was ended. */
  restart(name: 'exporter' | 'remediator'): Promise<void>;
  /** Starts the host's sshd again, with the key that `sshd/host_key` below the folder is then. */
  restartSshd(): Promise<void>;
  /** Ends everything and leaves nothing behind. */
  stop(): Promise<void>;
}

/** How a lab is set up. */
export interface LabOptions {
  /** Prometheus scrapes and evaluates this often. */
  readonly intervalSeconds: number;
  readonly log: (line: string) => void;
  /** Gives the set-up up, between two of its steps. */
  readonly signal?: AbortSignal;
  /** Where the main files of exporter and remediator are, where not in the checkout: `<folder>/<name>/main.js`. */
  readonly programs?: string;
  /** The names of the shipped policies that act; two, where it is not said. */
  readonly acting?: readonly string[];
  /** What is not as in the lab that everybody starts. */
  readonly changes?: LabChanges;
}

/** What a test has otherwise. */
export interface LabChanges {
  /** Changes steward.yml before anything reads it. */
  readonly inventory?: (content: StewardYml) => StewardYml;
  /** Changes each file of rules. */
  readonly rules?: (text: string) => string;
  /** A program that starts the host's sshd. */
  readonly sshdPrefix?: readonly string[];
}

const ACTING = ['fix-permissions', 'restart-service'];

/** Sets everything up. Where that fails, what was made is taken away again. */
export async function startLab(options: LabOptions): Promise<Lab> {
  await removeLeftovers();
  const { path: folder } = await createTempFolder('steward-lab');
  const user = `steward-lab-${randomBytes(2).toString('hex')}`;
  const state = await stateOfNewLab(folder);
  await recordLab(user, state);
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => removeLab(user));
  const { log, signal } = options;
  log('setting up WordPress, its database, PHP-FPM and nginx, and a bot');
  const { acting = ACTING, changes = {}, intervalSeconds } = options;
  const host = await startHost(cleanUp, folder, changes);
  const { site, sshd, bot } = host;
  signal?.throwIfAborted();
  log(`hardening this machine for the account ${user}, by the script of \`steward host harden\``);
  const ports = namePorts(await freePorts(4));
  const secrets = await writeSecrets(folder);
  await writeConfiguration(folder, { ...host, user, ports, intervalSeconds, acting, changes });
  await harden(user, state);
  signal?.throwIfAborted();
  log('starting exporter, remediator, Alertmanager and Prometheus');
  const servers = await startServers(cleanUp, folder, { ports, secrets, programs: options.programs });
  signal?.throwIfAborted();
  const stack = cleanUp.move();
  return {
    ...{ folder, user, ports, secrets, site, bot, controlSocket: state.controlSocket },
    ...servers,
    async restartSshd() {
      await sshd.stop();
      const { process } = await startLabSshd(folder, changes, sshd.port);
      cleaned(stack, process);
    },
    stop: () => stack.disposeAsync(),
  };
}

interface LabHost {
  readonly site: WordPressSite;
  readonly sshd: Sshd;
  readonly bot: RunningBot;
  /** What stands for wordpress.org. */
  readonly wordPressOrg: WordPressOrgDouble;
}

async function startHost(
  cleanUp: AsyncDisposableStack,
  folder: string,
  changes: LabChanges,
): Promise<LabHost> {
  const [site, sshd, bot] = await allSettledOrThrow([
    startWordPressSite(folder).then((started) => {
      cleanUp.defer(() => started.stop());
      return started;
    }),
    startLabSshd(folder, changes).then((started) => {
      cleanUp.defer(() => started.stop());
      return started;
    }),
    startRunningBot().then((started) => {
      cleanUp.defer(() => started.stop());
      return started;
    }),
  ]);
  const wordPressOrg = await startPublishedSite(site.path);
  cleanUp.defer(() => wordPressOrg.stop());
  return { site, sshd, bot, wordPressOrg };
}

async function startLabSshd(folder: string, { sshdPrefix }: LabChanges, port?: number): Promise<Sshd> {
  return startSshd({
    folder: join(folder, 'sshd'),
    authorizedKeysFile: '%h/.ssh/authorized_keys',
    ...(port === undefined ? {} : { port }),
    ...(sshdPrefix === undefined ? {} : { prefix: sshdPrefix }),
  });
}

interface LabFacts extends LabHost {
  readonly user: string;
  readonly ports: LabPorts;
  readonly intervalSeconds: number;
  readonly acting: readonly string[];
  readonly changes: LabChanges;
}

async function writeConfiguration(folder: string, facts: LabFacts): Promise<void> {
  const { user, ports, intervalSeconds, acting, changes, site, sshd, bot, wordPressOrg } = facts;
  const known = {
    ...{ user, ports, intervalSeconds, acting },
    sshPort: sshd.port,
    hostKey: sshd.hostKeyFingerprint,
    botUrl: bot.url,
    wordPressOrgUrl: wordPressOrg.url,
    site: { ...site, supervisorConfig: site.supervisor.configFile },
  };
  await writeInventory(folder, known, changes.inventory);
  await writePrometheusConfiguration(folder, ports, intervalSeconds, changes.rules);
  await writeAlertmanagerConfiguration(folder, ports);
}

/** How to take the account away is written down before there is one. */
async function harden(user: string, state: LabState): Promise<void> {
  const scripts = await hostScripts(state.folder);
  await recordLab(user, { ...state, removeScript: scripts.remove });
  await runAsRoot(scripts.harden);
}

interface ServerOptions {
  readonly ports: LabPorts;
  readonly secrets: LabSecrets;
  readonly programs: string | undefined;
}

async function startServers(
  cleanUp: AsyncDisposableStack,
  folder: string,
  { ports, secrets, programs }: ServerOptions,
): Promise<Pick<Lab, 'processes' | 'restart'>> {
  const entry = (name: string) => (programs === undefined ? undefined : join(programs, name, 'main.js'));
  const start = (name: 'exporter' | 'remediator') => startSteward(name, folder, ports, entry(name));
  const processes: Lab['processes'] = {
    exporter: cleaned(cleanUp, await start('exporter')),
    remediator: cleaned(cleanUp, await start('remediator')),
    alertmanager: cleaned(cleanUp, await startAlertmanager(folder, ports, secrets)),
    prometheus: cleaned(cleanUp, await startPrometheus(folder, ports, secrets)),
  };
  // Those of the moment: a restart puts another one there.
  cleanUp.defer(() => processes.exporter.stop());
  cleanUp.defer(() => processes.remediator.stop());
  await untilScraped(ports, secrets);
  return {
    processes,
    async restart(name) {
      await processes[name].stop();
      processes[name] = await start(name);
    },
  };
}

function namePorts([exporter = 0, remediator = 0, prometheus = 0, alertmanager = 0]: number[]): LabPorts {
  return { exporter, remediator, prometheus, alertmanager };
}

function cleaned(stack: AsyncDisposableStack, process: RunningProcess): RunningProcess {
  stack.defer(() => process.stop());
  return process;
}
