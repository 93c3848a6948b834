import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hardenScript } from '../../hosts/harden/harden-script.ts';
import { removeScript } from '../../hosts/harden/remove-script.ts';
import type { Host } from '../../hosts/host.ts';
import { openHost } from '../../hosts/open-host.ts';
import { customUndoVerb, customVerb, verbs, type Role, type VerbName } from '../../hosts/verbs.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { startSshd, type Sshd } from '../../lab/parts/sshd.ts';
import { loadGoodYaml } from './load-yaml.ts';

/** This machine, set up by the real script for an account of the test's own, behind a real sshd. */
export interface HardenedHost {
  readonly user: string;
  readonly sshd: Sshd;
  readonly keyFiles: Readonly<Record<Role, string>>;
  open(role: Role): Host;
  /** What `steward host remove` prints. */
  readonly removeScript: string;
  remove(): Promise<void>;
}

/** Every verb that acts. */
const actVerbs: ReadonlySet<VerbName> = new Set(
  (Object.keys(verbs) as VerbName[]).filter((verb) => verbs[verb].role === 'act'),
);

/** Sets the account up. `sites`, `bots` and `services` are YAML, for the sections of the host `web1`. */
export async function startHardenedHost(
  folder: string,
  yaml: {
    readonly sites: string;
    readonly services: string;
    readonly bots?: string;
    readonly actions?: string;
    readonly exporter?: string;
  },
  included = actVerbs,
): Promise<HardenedHost> {
  const user = `steward-t${randomBytes(3).toString('hex')}`;
  const keyFiles = { read: join(folder, 'read_key'), act: join(folder, 'act_key') };
  for (const file of Object.values(keyFiles)) {
    await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', file]);
  }
  const sshd = await startSshd({
    folder: join(folder, 'sshd'),
    authorizedKeysFile: '%h/.ssh/authorized_keys',
  });
  const { inventory } = await loadGoodYaml(`
hosts:
  web1:
    address: 127.0.0.1
    port: ${sshd.port}
    user: ${user}
    read_key_file: ${keyFiles.read}
    act_key_file: ${keyFiles.act}
    host_key: ${sshd.hostKeyFingerprint}
    services: ${yaml.services}
sites: ${yaml.sites}
bots: ${yaml.bots ?? '{}'}
actions: ${yaml.actions ?? '{}'}
exporter: ${yaml.exporter ?? '{}'}
`);
  const entry = inventory.hosts['web1'];
  if (entry === undefined) throw new Error('no web1');
  const script = await hardenScript(
    inventory,
    'web1',
    {
      readPublicKey: await readFile(`${keyFiles.read}.pub`, 'utf8'),
      actPublicKey: await readFile(`${keyFiles.act}.pub`, 'utf8'),
    },
    new Set([
      ...included,
      ...Object.keys(inventory.actions).flatMap((name) => [customVerb(name), customUndoVerb(name)]),
    ]),
  );
  const removal = removeScript(inventory, 'web1');
  await writeFile(join(folder, 'harden.sh'), script);
  await runCommand(['sh', join(folder, 'harden.sh')]);
  return {
    user,
    sshd,
    keyFiles,
    open: (role) => openHost('web1', entry, role, (path) => path),
    removeScript: removal,
    async remove() {
      await sshd.stop();
      await runCommand(['sh'], { stdin: removal });
    },
  };
}
