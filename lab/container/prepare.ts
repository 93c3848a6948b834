import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { sshFingerprint } from '../../hosts/ssh/fingerprint.ts';
import { createPrivateKey, publicKeyOf } from '../../hosts/ssh/keys.ts';
import { FREQTRADE_LOGIN } from '../bot/freqtrade-double.ts';
import { runCommand } from '../parts/run-command.ts';
import { demoInventory } from './inventory.ts';

const steward = join(import.meta.dirname, '../../cli/steward.js');

/**
 * Makes in a folder what the profile `demo` of docker-compose.yml needs: steward.yml, the secrets, and below secrets/demo the
 * host key and the hardening script of the host to watch.
 */
async function prepareDemo(folder: string): Promise<void> {
  const demo = join(folder, 'secrets/demo');
  const run = (...args: string[]) => runCommand([process.execPath, steward, ...args], { cwd: folder });
  // What an attempt left that was cut off.
  await rm(demo, { recursive: true, force: true });
  const publicKey = await makeHostKey(demo);
  const inventory = demoInventory(sshFingerprint(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')));
  await writeReadable(join(folder, 'steward.yml'), dump(inventory));
  await run('secrets');
  await writeReadable(join(folder, 'secrets/bots/trend_password'), FREQTRADE_LOGIN.password);
  const { stdout } = await run('host', 'harden', 'lab');
  await writeReadable(join(demo, 'harden.sh'), stdout);
}

/** Returns its public half. */
async function makeHostKey(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const key = createPrivateKey('demo');
  await writeReadable(join(folder, 'host_key'), key);
  await writeReadable(join(folder, 'host_key.pub'), `${publicKeyOf(key)}\n`);
  return publicKeyOf(key);
}

/** The containers' own users read it, whatever the umask is; the folder of the secrets keeps everybody else out. */
async function writeReadable(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o644);
}

/** Where root does it for somebody, in a container, the files are to be theirs: whoever owns the folder. */
async function becomeOwnerOf(folder: string): Promise<void> {
  const { uid, gid } = await stat(folder);
  if (process.getuid?.() !== 0 || uid === 0) return;
  process.setgroups?.([]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

const [folder = '.'] = process.argv.slice(2);
await becomeOwnerOf(folder);
const isThere = await readFile(join(folder, 'steward.yml')).then(
  () => true,
  () => false,
);
if (isThere) {
  console.error('There is a steward.yml already; the demo does not overwrite it. Use another clone.');
  process.exitCode = 1;
} else {
  await prepareDemo(folder);
  console.log('Next: docker compose --profile demo up --build --detach');
}
