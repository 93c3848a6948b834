import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump, load } from 'js-yaml';
import { FREQTRADE_LOGIN } from '../../../lab/bot/freqtrade-double.ts';
import { freePorts } from '../../../lab/parts/free-port.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { startSupervisor } from '../../../lab/site/supervisor.ts';
import { hostScripts } from '../../../lab/stack/harden.ts';
import type { StewardYml } from '../../../lab/stack/lab-inventory.ts';
import type { Lab } from '../../../lab/stack/lab.ts';
import { runAsRoot } from '../../../lab/stack/run-as-root.ts';
import { basic } from '../../../lab/stack/servers.ts';
import { startAcmeDouble } from '../../helpers/acme-double.ts';

/** What a host has that the lab's does not: a bot under supervisor, a site with a certificate of certbot, and file systems of its own. */
export interface MoreParts {
  /** Starts the host's sshd where /var/cache is a small file system, and certbot's folders are those of these parts. */
  readonly sshdPrefix: readonly string[];
  /** Adds them to a steward.yml. */
  addTo(content: StewardYml): StewardYml;
  /** Has the bot's loop stand still. */
  stallBot(): Promise<void>;
  /** Runs a script as root where the host's file systems are. */
  onHost(script: string): Promise<void>;
  /** Ends the host's sshd. */
  endSshd(): Promise<void>;
  /** Has apt download so much that 7 % of /var/cache are left. */
  fillCache(): Promise<void>;
  /** Has the lab's nginx serve a site whose certificate ends in five days, and Steward watch it. The next one will last for ninety. */
  openShop(lab: Lab): Promise<void>;
  stop(): Promise<void>;
}

const BOT = fileURLToPath(new URL('bot-program.ts', import.meta.url));
const CERTONLY = [
  'certonly',
  '--standalone',
  '-d',
  'blog.test',
  '--agree-tos',
  '-n',
  '--register-unsafely-without-email',
];
const CACHE_MEGABYTES = 64;

/** Starts them. */
export async function startMoreParts(): Promise<MoreParts> {
  await using cleanUp = new AsyncDisposableStack();
  const folder = await createTempFolder('steward-more');
  cleanUp.defer(() => folder.remove());
  const at = (...path: string[]) => join(folder.path, ...path);
  for (const name of ['etc', 'lib', 'log', 'acme', 'shop']) await mkdir(at(name));
  const acme = await startAcmeDouble(at('acme'));
  cleanUp.defer(() => acme.stop());
  const [botPort = 0, shopPort = 0] = await freePorts(2);
  acme.days = 5;
  await runCommand([...inItsPlaces(at), 'certbot', ...CERTONLY, '--server', acme.url]);
  acme.days = 90;
  const supervisor = await startSupervisor(folder.path, [
    { name: 'swing', command: [process.execPath, BOT, `${botPort}`], stopSignal: 'TERM' },
  ]);
  cleanUp.defer(() => supervisor.stop());
  const stack = cleanUp.move();
  const sshdPid = async () => (await readFile(at('sshd.pid'), 'utf8')).trim();
  const onHost = async (script: string) => {
    await runCommand(['nsenter', `--target=${await sshdPid()}`, '--mount', 'sh', '-e'], { stdin: script });
  };
  const service = { manager: 'supervisor', config: supervisor.configFile };
  return {
    sshdPrefix: inItsPlaces(at, smallCache(at)),
    addTo(content) {
      const { hosts, bots } = content as Record<string, Record<string, Record<string, unknown>>>;
      const lab = hosts?.['lab'] ?? {};
      const services = [...(lab['services'] as object[]), { name: 'swing', ...service }];
      const bot = { kind: 'freqtrade', username: FREQTRADE_LOGIN.username, host: 'lab', service: 'swing' };
      return {
        ...content,
        hosts: { lab: { ...lab, services } },
        bots: {
          ...bots,
          swing: { ...bot, url: `http://127.0.0.1:${botPort}`, password_file: 'secrets/bot_password' },
        },
      };
    },
    stallBot: async () => void process.kill(await supervisor.pidOf('swing'), 'SIGUSR1'),
    onHost,
    async endSshd() {
      // The connections that it has, too: they see the same file systems.
      await runCommand(['pkill', '--ns', await sshdPid(), '--nslist', 'mnt', 'sshd']);
    },
    fillCache: () =>
      onHost(`free=$(($(stat -fc '%a*%S/1048576' /var/cache)))
        head -c $((free - ${CACHE_MEGABYTES} * 7 / 100))M /dev/zero >/var/cache/apt/archives/acme_1.0_all.deb`),
    async openShop(lab) {
      await serve(lab, shopPort, at('etc', 'live', 'blog.test'));
      const site = { host: 'lab', path: at('shop'), owner: 'www-data', services: ['nginx'] };
      await watch(lab, { ...site, url: `https://127.0.0.1:${shopPort}/`, certificate: 'blog.test' });
    },
    stop: () => stack.disposeAsync(),
  };
}

type At = (...path: string[]) => string;

/** A program that starts another where certbot's folders are those of these parts: what this machine has there is not touched. */
function inItsPlaces(at: At, more = ''): [string, ...string[]] {
  const script = `set -e
    for each in etc lib log; do mkdir -p /$([ $each = etc ] || echo var/)$each/letsencrypt; done
    mount --bind '${at('etc')}' /etc/letsencrypt
    mount --bind '${at('lib')}' /var/lib/letsencrypt
    mount --bind '${at('log')}' /var/log/letsencrypt
    ${more}
    exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', script, 'sh'];
}

function smallCache(at: At): string {
  return `truncate -s ${CACHE_MEGABYTES}M '${at('cache.img')}'
    mkfs.ext4 -q -m 0 '${at('cache.img')}'
    mount -o loop '${at('cache.img')}' /var/cache
    mkdir -p /var/cache/apt/archives/partial
    echo $$ >'${at('sshd.pid')}'`;
}

async function serve({ site }: Lab, port: number, live: string): Promise<void> {
  const file = join(site.folder, 'nginx.conf');
  const text = (await readFile(file, 'utf8')).trimEnd();
  const server = `server { listen 127.0.0.1:${port} ssl; return 200;
    ssl_certificate ${live}/cert.pem; ssl_certificate_key ${live}/privkey.pem; }`;
  await writeFile(file, `${text.slice(0, -1)}${server}\n}\n`);
  await runCommand(['supervisorctl', '-c', site.supervisor.configFile, 'signal', 'HUP', 'nginx']);
}

/** Adds the site to steward.yml and to what the host knows, as an operator does. */
async function watch({ folder, ports, secrets }: Lab, shop: object): Promise<void> {
  const file = join(folder, 'steward.yml');
  const content = load(await readFile(file, 'utf8')) as StewardYml;
  await writeFile(file, dump({ ...content, sites: { ...(content['sites'] as object), shop } }));
  await runAsRoot((await hostScripts(folder)).harden);
  for (const name of ['exporter', 'remediator'] as const) {
    const response = await fetch(`http://127.0.0.1:${ports[name]}/-/reload`, {
      method: 'POST',
      headers: { authorization: basic(secrets[`${name}_password`]) },
    });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  }
}
