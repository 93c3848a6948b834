import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { startSshd } from '../../../lab/parts/sshd.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';

/** A real sshd whose only key has a forced command, as on a hardened host: it records what was sent, and changes nothing. */
export interface RecordingHost {
  /** The entry of the host in steward.yml. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** The lines that were sent, without the time limit in front. */
  calls(): Promise<string[]>;
  /** When each was started there, in milliseconds since the epoch. */
  startTimes(): Promise<number[]>;
  /** Waits until that many lines were sent. */
  untilCalled(count: number): Promise<void>;
  /** From now on commands do not end until they are let go. */
  hold(): Promise<void>;
  letGo(): Promise<void>;
  /** From now on each command prints this, too. */
  says(text: string): Promise<void>;
  /** Forgets what was sent, and what is printed. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

const FORCED_COMMAND = (folder: string): string => `#!/bin/sh
date +%s%3N >> ${folder}/times
echo "$SSH_ORIGINAL_COMMAND" >> ${folder}/calls
i=0
while [ -e ${folder}/hold ] && [ $i -lt 200 ]; do sleep 0.1; i=$((i + 1)); done
cat ${folder}/says 2>/dev/null
echo done
`;

/** Starts it with a key pair and a host key of its own. */
export async function startRecordingHost(folder: string): Promise<RecordingHost> {
  await mkdir(folder, { recursive: true });
  const keyFile = join(folder, 'client_key');
  const program = join(folder, 'forced-command');
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
  await writeFile(program, FORCED_COMMAND(folder));
  await chmod(program, 0o755);
  const key = await readFile(`${keyFile}.pub`, 'utf8');
  await writeFile(join(folder, 'authorized_keys'), `restrict,command="${program}" ${key}`);
  const sshd = await startSshd({
    folder,
    authorizedKeysFile: join(folder, 'authorized_keys'),
    extraConfiguration: ['StrictModes no', 'PermitRootLogin yes', `SetEnv HOME=${folder}`],
  });
  const callsFile = join(folder, 'calls');
  const calls = async () => {
    const text = await readFile(callsFile, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.replace(/^timeout --kill-after=\d+ \d+ /, ''));
  };
  return {
    entry: {
      address: '127.0.0.1',
      port: sshd.port,
      user: userInfo().username,
      read_key_file: `${keyFile}_of_the_exporter`,
      act_key_file: keyFile,
      host_key: sshd.hostKeyFingerprint,
      services: [{ name: 'nginx', manager: 'systemd' }],
    },
    calls,
    async startTimes() {
      const text = await readFile(join(folder, 'times'), 'utf8').catch(() => '');
      return text.split('\n').filter(Boolean).map(Number);
    },
    async untilCalled(count) {
      await waitUntil(async () => (await calls()).length >= count, { what: `${count} commands to be sent` });
    },
    hold: () => writeFile(join(folder, 'hold'), ''),
    letGo: () => rm(join(folder, 'hold'), { force: true }),
    says: (text) => writeFile(join(folder, 'says'), text),
    async forget() {
      for (const name of ['calls', 'times', 'says']) await rm(join(folder, name), { force: true });
    },
    stop: () => sshd.stop(),
  };
}
