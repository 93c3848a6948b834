import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { HostEntry } from '../../inventory/schema/host.ts';
import { hostSchema } from '../../inventory/schema/host.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { startSshd, type Sshd } from '../../lab/parts/sshd.ts';

/** An sshd that takes one plain key of the account that runs the tests. */
export interface PlainSshd extends Sshd {
  readonly keyFile: string;
  /** The host entry that leads to it; another port may stand in front, such as a proxy's. */
  entry(changes?: Partial<HostEntry>): HostEntry;
}

export async function startPlainSshd(folder: string): Promise<PlainSshd> {
  const keyFile = join(folder, 'client_key');
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
  const authorizedKeys = join(folder, 'authorized_keys');
  await writeFile(authorizedKeys, await readFile(`${keyFile}.pub`));
  const sshd = await startSshd({
    folder,
    authorizedKeysFile: authorizedKeys,
    // bash reads ~/.bashrc for each command of sshd: what stands in the account's own is no part of a test.
    extraConfiguration: ['StrictModes no', 'PermitRootLogin yes', `SetEnv HOME=${folder}`],
  });
  return {
    ...sshd,
    keyFile,
    entry: (changes = {}) => ({
      ...hostSchema.parse({
        address: '127.0.0.1',
        port: sshd.port,
        user: userInfo().username,
        read_key_file: keyFile,
        act_key_file: keyFile,
        host_key: sshd.hostKeyFingerprint,
      }),
      ...changes,
    }),
  };
}
