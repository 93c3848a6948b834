import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { startProcess, type RunningProcess } from './process.ts';
import { runCommand } from './run-command.ts';

/** A real sshd on loopback, with a host key of its own. */
export interface Sshd {
  readonly port: number;
  /** The fingerprint of its host key, as `SHA256:...`. */
  readonly hostKeyFingerprint: string;
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

/** How to start it. */
export interface SshdOptions {
  /** Where its key, configuration and log are kept. */
  readonly folder: string;
  readonly port?: number;
  /** The `AuthorizedKeysFile` setting: a path, `%h` and `%u` allowed. */
  readonly authorizedKeysFile: string;
  /** More lines for sshd_config. */
  readonly extraConfiguration?: readonly string[];
  /** A program that starts it, such as one that gives it file systems of its own. */
  readonly prefix?: readonly string[];
}

/** Starts an sshd that takes public keys only. Its host key is made once per folder, so that a restart keeps it. */
export async function startSshd(options: SshdOptions): Promise<Sshd> {
  const port = options.port ?? (await freePort());
  await mkdir(options.folder, { recursive: true });
  const hostKey = join(options.folder, 'host_key');
  await createHostKey(hostKey);
  const configuration = join(options.folder, 'sshd_config');
  await writeFile(configuration, sshdConfiguration(port, hostKey, options));
  // sshd refuses to start without its privilege separation folder, which Debian's service unit makes.
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const process = await startProcess({
    name: 'sshd',
    argv: ['env', ...(options.prefix ?? []), '/usr/sbin/sshd', '-D', '-e', '-f', configuration],
    logFile: join(options.folder, 'sshd.log'),
    debianPackage: 'openssh-server',
  });
  await process.untilReady(() => greets(port));
  return {
    port,
    hostKeyFingerprint: await fingerprint(`${hostKey}.pub`),
    process,
    stop: () => process.stop(),
  };
}

async function createHostKey(path: string): Promise<void> {
  const existing = await readFile(path).catch(() => undefined);
  if (existing === undefined) await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', path]);
}

async function fingerprint(publicKeyFile: string): Promise<string> {
  const { stdout } = await runCommand(['ssh-keygen', '-l', '-f', publicKeyFile]);
  const found = /SHA256:\S+/.exec(stdout)?.[0];
  if (found === undefined) throw new Error(`ssh-keygen printed no fingerprint: ${stdout}`);
  return found;
}

function sshdConfiguration(port: number, hostKey: string, options: SshdOptions): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    'PidFile none',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PubkeyAuthentication yes',
    'UseDNS no',
    // Tests and demos open many connections at once.
    'MaxStartups 100:30:200',
    `AuthorizedKeysFile ${options.authorizedKeysFile}`,
    'Subsystem sftp internal-sftp',
    ...(options.extraConfiguration ?? []),
    '',
  ].join('\n');
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.setTimeout(2000, () => {
      socket.destroy();
      resolve(false);
    });
  });
}
