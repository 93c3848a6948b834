import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { FREQTRADE_LOGIN } from '../bot/freqtrade-double.ts';
import { runCommand } from '../parts/run-command.ts';
import { demoInventory } from './inventory.ts';

/**
 * Makes what the profile `demo` of docker-compose.yml needs: steward.yml, the secrets, and below secrets/demo the host key
 * and the hardening script of the host to watch. Rejects where a steward.yml is there already.
 */
async function prepareDemo(folder: string): Promise<void> {
  const demo = join(folder, 'secrets/demo');
  const steward = (...args: string[]) =>
    runCommand([process.execPath, join(folder, 'cli/steward.js'), ...args], { cwd: folder });
  await mkdir(demo, { recursive: true });
  const hostKey = join(demo, 'host_key');
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'demo', '-f', hostKey], {
    stdin: 'n\n',
  });
  await chmod(hostKey, 0o444);
  await writeFile(join(folder, 'steward.yml'), dump(demoInventory(await fingerprintOf(hostKey))), {
    flag: 'wx',
  });
  await steward('secrets');
  await writeFile(join(folder, 'secrets/bots/trend_password'), FREQTRADE_LOGIN.password);
  const { stdout } = await steward('host', 'harden', 'lab');
  await writeFile(join(demo, 'harden.sh'), stdout);
}

async function fingerprintOf(hostKey: string): Promise<string> {
  const { stdout } = await runCommand(['ssh-keygen', '-l', '-f', `${hostKey}.pub`]);
  return stdout.split(' ')[1] ?? '';
}

const root = join(import.meta.dirname, '../..');
const isThere = await readFile(join(root, 'steward.yml')).then(
  () => true,
  () => false,
);
if (isThere) {
  console.error('There is a steward.yml already; the demo does not overwrite it. Use another clone.');
  process.exitCode = 1;
} else {
  await prepareDemo(root);
  console.log('Next: docker compose --profile demo up --build --detach');
}
