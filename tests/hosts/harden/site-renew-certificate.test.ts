import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dispatcherPath } from '../../../hosts/call-verb.ts';
import { freePorts } from '../../../lab/parts/free-port.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startSupervisor, type Supervisor } from '../../../lab/site/supervisor.ts';
import { startAcmeDouble, type AcmeDouble } from '../../helpers/acme-double.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

const DAY_MS = 86_400_000;

let folder: TempFolder;
let acme: AcmeDouble;
let hardened: HardenedHost;
let supervisor: Supervisor;
let port: number;
const at = (...path: string[]) => join(folder.path, ...path);

beforeAll(async () => {
  folder = await createTempFolder('steward-certificate');
  for (const name of ['etc', 'lib', 'log', 'acme']) await mkdir(at(name));
  acme = await startAcmeDouble(at('acme'));
  [port = 0] = await freePorts(1);
  acme.days = 5;
  const issued = await inItsPlaces(
    `certbot certonly --standalone -d blog.test --server ${acme.url} --agree-tos -n --register-unsafely-without-email`,
  );
  expect(issued.said).toContain('Successfully received certificate');
  await configureNginx('');
  supervisor = await startSupervisor(folder.path, [
    { name: 'nginx', command: ['/usr/sbin/nginx', '-c', at('nginx.conf')], stopSignal: 'QUIT' },
  ]);
  await supervisor.process.untilReady(() =>
    daysServed().then(
      () => true,
      () => false,
    ),
  );
  const nginx = `{ name: nginx, manager: supervisor, config: ${supervisor.configFile}, config_test: [nginx, -t, -q, -c, ${at('nginx.conf')}] }`;
  const site = `host: web1, path: /srv/x, owner: www-data`;
  hardened = await startHardenedHost(folder.path, {
    services: `[${nginx}, { name: redis, manager: sysv }]`,
    sites: `{ blog: { ${site}, url: 'https://blog.test/' }, other: { ${site}, url: 'https://blog.test/', certificate: other.test, services: [redis] },
      bare: { ${site}, url: 'https://other.test/', certificate: blog.test, services: [redis] } }`,
  });
}, 60_000);
afterAll(async () => {
  await supervisor.stop();
  await hardened.remove();
  await acme.stop();
  await folder.remove();
});

/** An nginx that serves the certificate of certbot. */
async function configureNginx(more: string): Promise<void> {
  const live = at('etc', 'live', 'blog.test');
  await writeFile(
    at('nginx.conf'),
    `daemon off; pid ${at('nginx.pid')}; error_log ${at('nginx.log')}; events {} http { access_log off; ${more}
     server { listen 127.0.0.1:${port} ssl; ssl_certificate ${live}/fullchain.pem; ssl_certificate_key ${live}/privkey.pem; return 200; } }\n`,
  );
}

/** Runs commands where /etc/letsencrypt and the like are folders of the test: what this machine has there is not touched. */
async function inItsPlaces(command: string) {
  const script = `set -e
    for each in etc lib log; do mkdir -p /$([ $each = etc ] || echo var/)$each/letsencrypt; done
    mount --bind ${at('etc')} /etc/letsencrypt
    mount --bind ${at('lib')} /var/lib/letsencrypt
    mount --bind ${at('log')} /var/log/letsencrypt
    exec ${command}`;
  const child = spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode: child.exitCode, said: stdout + stderr };
}

/** Runs the verb by the installed dispatcher. */
function renew(site: string) {
  return inItsPlaces(`${dispatcherPath(hardened.user)} act site-renew-certificate ${site}`);
}

/** For how many days the certificate that nginx serves still counts. */
async function daysServed(): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'blog.test', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { valid_to: end } = socket.getPeerCertificate();
  socket.destroy();
  return Math.round((Date.parse(end) - Date.now()) / DAY_MS);
}

test('a certificate that is due is renewed by certbot, and nginx serves it', async () => {
  expect(await daysServed()).toBe(5);
  acme.days = 90;
  const { exitCode, said } = await renew('blog');
  expect(said).toContain('all renewals succeeded');
  expect({ exitCode, end: said.split('\n').at(-2) }).toEqual({ exitCode: 0, end: 'reloaded nginx' });
  await waitUntil(async () => (await daysServed()) === 90, { what: 'nginx to serve the new certificate' });
  expect(acme.issued).toBe(2);
});

test('a second time nothing is renewed, and nginx only reloads', async () => {
  const { exitCode, said } = await renew('blog');
  expect(said).toMatch(/not (?:yet )?due for renewal/);
  expect({ exitCode, end: said.split('\n').at(-2) }).toEqual({ exitCode: 0, end: 'reloaded nginx' });
  expect(acme.issued).toBe(2);
});

test('while the configuration of nginx is broken it is not reloaded, and its words are told', async () => {
  await configureNginx('nonsense;');
  const { exitCode, said } = await renew('blog');
  await configureNginx('');
  expect(exitCode).toBe(78);
  expect(said).toMatch(
    /nginx was not reloaded, for its own configuration test fails: .*unknown directive "nonsense"/,
  );
  expect(await daysServed()).toBe(90);
});

test('a site that names other services has none reloaded, and its own name for the certificate', async () => {
  const { exitCode, said } = await renew('bare');
  expect({ exitCode, end: said.split('\n').at(-2) }).toEqual({
    exitCode: 0,
    end: 'steward.yml names no web server for the site: nothing was reloaded',
  });
});

test('a name that certbot does not have is told, and certbot is not asked', async () => {
  expect(await renew('other')).toEqual({
    exitCode: 1,
    said: expect.stringMatching(/^certbot has no certificate of the name other\.test; write the one that/),
  });
});

test('what the authority says reaches the operator where it refuses', async () => {
  acme.refusal = 'the name is on hold';
  const renewal = at('etc', 'renewal', 'blog.test.conf');
  const before = await readFile(renewal, 'utf8');
  await writeFile(renewal, `renew_before_expiry = 3650 days\n${before}`);
  const { exitCode, said } = await renew('blog');
  acme.refusal = undefined;
  expect(exitCode).toBe(1);
  expect(said).toContain('the name is on hold');
  expect(said).toContain('certbot could not renew it');
});

test('a site that is none is refused', async () => {
  expect(await renew('--all')).toMatchObject({
    exitCode: 77,
    said: 'refused: a slot that is not a plain word\n',
  });
  expect(await renew('nobody')).toEqual({ exitCode: 77, said: 'refused: no such site\n' });
});
