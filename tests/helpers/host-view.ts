import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../lab/parts/run-command.ts';
import { startSshd, type Sshd } from '../../lab/parts/sshd.ts';

/** A real sshd whose commands see folders of a test in the place of the machine's own: a server as the test wants it. */
export interface HostView {
  readonly sshd: Sshd;
  /** A private key that root takes. */
  readonly keyFile: string;
  /** What stands in the place of a folder such as `/srv`. */
  readonly at: (path: string) => string;
  stop(): Promise<void>;
}

/** Starts it. Each of `hidden` is an empty folder at first. Commands run in a mount namespace of their own, which ends with them. */
export async function startHostView(folder: string, hidden: readonly string[]): Promise<HostView> {
  const keyFile = join(folder, 'operator_key');
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
  await writeFile(join(folder, 'authorized_keys'), await readFile(`${keyFile}.pub`));
  const at = (path: string) => join(folder, 'view', path);
  for (const path of hidden) await mkdir(at(path), { recursive: true });
  const inside = join(folder, 'inside.sh');
  const mounts = hidden.map((path) => `mount --bind '${at(path)}' '${path}'`);
  await writeFile(inside, ['set -e', ...mounts, 'exec sh -c "$SSH_ORIGINAL_COMMAND"', ''].join('\n'));
  const sshd = await startSshd({
    folder: join(folder, 'sshd'),
    authorizedKeysFile: join(folder, 'authorized_keys'),
    extraConfiguration: [
      'StrictModes no',
      'PermitRootLogin yes',
      `ForceCommand unshare --mount sh '${inside}'`,
    ],
  });
  return { sshd, keyFile, at, stop: () => sshd.stop() };
}
