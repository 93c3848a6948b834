import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { startRunningBot } from '../bot/running-bot.ts';
import { freePort } from '../parts/free-port.ts';
import { startSshd } from '../parts/sshd.ts';
import { startPublishedSite } from '../site/published-site.ts';
import { startWordPressSite } from '../site/wordpress-site.ts';
import { runAsRoot } from '../stack/run-as-root.ts';
import { forward } from './forward.ts';
import { DEMO, demoUrl } from './places.ts';

/** In the container of the demo: a host with a WordPress site and a bot, hardened as an operator would, until it is told to stop. */
async function main(): Promise<void> {
  // A container that is started again begins anew.
  await Promise.all(
    [DEMO.folder, DEMO.readyFile].map((place) => rm(place, { recursive: true, force: true })),
  );
  await mkdir(DEMO.folder, { recursive: true });
  const port = await freePort();
  await forward(DEMO.ports.site, port);
  const site = await startWordPressSite(DEMO.folder, { port, url: demoUrl('site') });
  const bot = await startRunningBot();
  const wordPressOrg = await startPublishedSite(site.path);
  await runAsRoot(await readFile(join(DEMO.prepared, 'harden.sh'), 'utf8'));
  const sshd = await startPreparedSshd();
  await forward(DEMO.ports.bot, Number(new URL(bot.url).port));
  await forward(DEMO.ports.wordPressOrg, Number(new URL(wordPressOrg.url).port));
  await forward(DEMO.ports.ssh, sshd.port);
  await writeFile(DEMO.readyFile, '');
  console.log(`the demo's site is at ${demoUrl('site')}`);
  await once(process, 'SIGTERM');
  await Promise.all([sshd.stop(), site.stop(), bot.stop(), wordPressOrg.stop()]);
  process.exit(0);
}

/** Its host key is the one that steward.yml pins. */
async function startPreparedSshd() {
  const folder = join(DEMO.folder, 'sshd');
  await mkdir(folder, { recursive: true });
  for (const name of ['host_key', 'host_key.pub']) await cp(join(DEMO.prepared, name), join(folder, name));
  await chmod(join(folder, 'host_key'), 0o600);
  return startSshd({ folder, authorizedKeysFile: '%h/.ssh/authorized_keys' });
}

await main();
