import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createPrivateKey } from '../../hosts/ssh/keys.ts';
import { loadInventory } from '../../inventory/load.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import {
  copyWordPress,
  setWordPressPermissions,
  writeWordPressConfig,
} from '../../lab/site/wordpress-files.ts';
import { startHostView, type HostView } from '../helpers/host-view.ts';
import { CTRL_C, CTRL_D, stewardInTerminal } from '../helpers/in-terminal.ts';
import { steward } from '../helpers/steward-command.ts';

const BLOG = `/srv/it's a site/wordpress`;

let serverFolder: TempFolder;
let view: HostView;
beforeAll(async () => {
  serverFolder = await createTempFolder('steward-init-server');
  const hidden = ['/srv', '/var/www', '/opt', '/home', '/etc/nginx', '/etc/php', '/var/log'];
  view = await startHostView(serverFolder.path, hidden);
  await mkdir(join(view.at(BLOG), '..'));
  await copyWordPress(view.at(BLOG));
  await writeWordPressConfig(view.at(BLOG), {
    socket: '/run/mysqld/mysqld.sock',
    password: 'not to be seen',
  });
  await setWordPressPermissions(view.at(BLOG));
  await mkdir(view.at('/etc/nginx/sites-enabled'));
  await writeFile(view.at('/etc/nginx/sites-enabled/blog'), NGINX);
  await mkdir(view.at('/etc/php/8.2/fpm/pool.d'), { recursive: true });
  await writeFile(view.at('/etc/php/8.2/fpm/pool.d/www.conf'), POOL);
  await mkdir(view.at('/var/log/nginx'));
  await writeFile(view.at('/var/log/nginx/blog.access.log'), '');
});
afterAll(async () => {
  await view.stop();
  await serverFolder.remove();
});

const NGINX = `# by certbot
server {
  if ($host = blog.example.com) { return 301 https://$host$request_uri; }
  listen 80; server_name blog.example.com;
  return 404;
}
upstream php { server unix:/run/other.sock; }
server {
  listen [::]:443 ssl ipv6only=on;
  server_name blog.example.com www.blog.example.com;
  root "${BLOG}/";
  access_log /var/log/nginx/blog.access.log;
  error_log /var/log/nginx/not-there.log;
  location / { try_files $uri $uri/ /index.php?$args; }
  location ~ \\.php$ { fastcgi_param SECRET s3cret; fastcgi_pass unix:/run/php/blog.sock; }
}
`;
const POOL = `[www]
user = www-data
listen = /run/php/$pool.sock
[blog]
; a comment
user = blog
listen = /run/php/blog.sock
pm.status_path = /fpm-status
env[DB_PASSWORD] = s3cret
`;

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-cli');
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);
const hostFlags = () => [
  ...['--host', `web1=root@127.0.0.1:${view.sshd.port}`, '--key', view.keyFile],
  ...['--host-key', view.sshd.hostKeyFingerprint],
];
const init = (...args: string[]) => steward(folder.path, 'init', ...args);
async function written() {
  const loaded = await loadInventory(at('steward.yml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.inventory;
}

describe('steward init', () => {
  test('writes what it finds, which is good, and says what comes next', async () => {
    const { status, stdout, stderr } = init(...hostFlags(), '--yes');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^host web1: 127\.0\.0\.1:\d+, .*\n {2}site blog-example-com: https:\/\/blog\.example\.com\/ in \/srv\/it's a site\/wordpress, WordPress [\d.]+, files of www-data\n\nwritten: steward.yml/,
    );
    expect(stdout).toMatch(/\n {2}npx steward host harden web1 > harden-web1.sh .*\n {2}npx steward up\n$/);
    const { hosts, sites, policies } = await written();
    expect(hosts['web1']).toMatchObject({
      address: '127.0.0.1',
      port: view.sshd.port,
      user: 'steward',
      host_key: view.sshd.hostKeyFingerprint,
    });
    expect({ ...sites }).toMatchObject({
      'blog-example-com': {
        host: 'web1',
        url: 'https://blog.example.com/',
        path: BLOG,
        owner: 'www-data',
        php_fpm: { socket: '/run/php/blog.sock', status_path: '/fpm-status' },
        logs: [{ file: '/var/log/nginx/blog.access.log', format: 'nginx-access' }],
      },
    });
    expect(policies.filter(({ mode }) => mode !== 'observe').map(({ name }) => name)).toEqual(['drill']);
    expect(steward(folder.path, 'check')).toMatchObject({ status: 0, stderr: '' });
  });

  test('looks at the machine that the containers run on, and says how the exporter gets to see it', async () => {
    const flags = hostFlags().map((flag) => flag.replace('127.0.0.1', 'host.docker.internal'));
    const { status, stdout, stderr } = init(...flags, '--yes');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('site blog-example-com: ');
    expect(stdout).toContain(
      '\n  write COMPOSE_FILE=docker-compose.yml:docker-compose.host.yml into .env\n  npx steward up\n',
    );
    const { hosts } = await written();
    expect(hosts['web1']).toMatchObject({ address: 'host.docker.internal', mounted_at: '/host' });
    expect(steward(folder.path, 'check')).toMatchObject({ status: 0, stderr: '' });
  });

  test('makes the secrets, in a folder that keeps others out, and leaves no other file', async () => {
    init(...hostFlags(), '--yes');
    expect((await readdir(folder.path)).sort()).toEqual(['secrets', 'steward.yml']);
    expect((await stat(at('secrets'))).mode & 0o777).toBe(0o700);
    expect(await readdir(at('secrets/read'))).toEqual(['web1']);
    expect(steward(folder.path, 'secrets').stderr).toBe('nothing was missing\n');
  });

  test('tells as JSON', () => {
    const { status, stdout } = init(...hostFlags(), '--yes', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file: 'steward.yml',
      hosts: [{ id: 'web1', address: '127.0.0.1' }],
      sites: [{ id: 'blog-example-com', url: 'https://blog.example.com/' }],
      notes: [],
      next: expect.arrayContaining(['npx steward check']),
    });
  });

  test.each(['a file', 'a link that leads nowhere'])('leaves %s alone that stands there', async (what) => {
    await (what === 'a file' ? writeFile(at('steward.yml'), 'mine') : symlink('nowhere', at('steward.yml')));
    const { status, stderr } = init(...hostFlags(), '--yes');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^steward.yml is there already, and stays as it is: .* --config, .*\n$/);
    expect(await readdir(folder.path)).toEqual(['steward.yml']);
  });

  describe('without a terminal', () => {
    test.each<[what: string, args: () => string[], line: RegExp]>([
      ['a server', () => [], /give --host web1=root@203\.0\.113\.10$/],
      [
        'the host key',
        () => hostFlags().slice(0, 4),
        /nobody is here to confirm that key: if it is right, give --host-key web1=SHA256:\S{43}$/,
      ],
      [
        'the host key, for which --yes does not count',
        () => [...hostFlags().slice(0, 4), '--yes'],
        /give --host-key/,
      ],
      ['a yes', hostFlags, /nobody is here to confirm it: run this in a terminal, or with --yes$/],
    ])('names the flag that says %s', async (_what, args, line) => {
      const { status, stderr } = init(...args());
      expect(status).toBe(1);
      expect(stderr.trimEnd().split('\n').at(-1)).toMatch(line);
      expect(await readdir(folder.path)).toEqual([]);
    });
  });

  test.each<[args: string[], line: RegExp]>([
    [['--host', 'web1'], /write it as web1=root@203/],
    [['--host', 'Web=root@h'], /write it as web1=root@203/],
    [['--host', 'web1=-oProxyCommand=x@h'], /is no address of a server/],
    [['--host', 'web1=h:0'], /is no address of a server/],
    [['--host', 'a=h', '--host', 'a=i'], /names a twice/],
    [['--host', 'a=h', '--host-key', 'b=SHA256:x'], /write it as web1=SHA256/],
    [['--site', 'blog.example.com'], /write it as https:\/\/blog.example.com/],
    [['--site', 'https://me:secret@blog.example.com'], /write it as https:\/\/blog.example.com/],
    [['--host', 'a=127.0.0.1:1', '--key', 'none'], /a cannot be looked at: 127.0.0.1:1 cannot be reached/],
  ])('refuses %j', async (args, line) => {
    const { status, stdout, stderr } = init(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(line);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('sends nothing to a host that shows another key, and writes nothing', async () => {
    const other = `SHA256:${'A'.repeat(43)}`;
    const { status, stderr } = init(...hostFlags().slice(0, 4), '--host-key', other, '--yes');
    expect(status).toBe(1);
    expect(stderr).toMatch(/shows the key SHA256:.*, and not SHA256:A.*: nothing was sent or written/);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('with --yes goes on without a host that cannot be looked at, and says what to do', async () => {
    const { status, stdout, stderr } = init('--host', 'web1=127.0.0.1:1', '--yes');
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^web1 cannot be looked at: .*ECONNREFUSED.*: check address, port and firewall\n$/,
    );
    expect(stdout).toContain('npx steward host trust web1\n');
    expect((await written()).hosts['web1']?.host_key).toBeUndefined();
  });

  test('says that the host does not take the key', async () => {
    await writeFile(at('key'), createPrivateKey('another'));
    const flags = hostFlags().with(3, at('key'));
    expect(init(...flags)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/does not take your key: name another with --key/),
    });
  });

  test('asks in a terminal', async () => {
    const place = `root@127.0.0.1:${view.sshd.port}`;
    const { status, output } = await stewardInTerminal(
      folder.path,
      ['init', '--key', view.keyFile],
      [
        ['Its address', 'somebody@'],
        ['is no address of a server', place],
        ['A name for it [web1]', ''],
        ['Another server?', 'n'],
        ['Is it among them?', 'y'],
        ['Write steward.yml', ''],
      ],
    );
    expect(output).toContain(view.sshd.hostKeyFingerprint);
    expect(status).toBe(0);
    expect(Object.keys((await written()).sites)).toContain('blog-example-com');
  });

  test.each<[how: string, dialogue: [string, string][]]>([
    ['a key that is not right', [['Is it among them?', 'n']]],
    [
      'a no at the end',
      [
        ['Is it among them?', 'y'],
        ['Write steward.yml', 'n'],
      ],
    ],
    [
      'Ctrl-C at the end',
      [
        ['Is it among them?', 'y'],
        ['Write steward.yml', CTRL_C],
      ],
    ],
    [
      'Ctrl-D',
      [
        ['Is it among them?', 'y'],
        ['Write steward.yml', CTRL_D],
      ],
    ],
  ])('leaves nothing after %s', async (_how, dialogue) => {
    const { status } = await stewardInTerminal(folder.path, ['init', ...hostFlags().slice(0, 4)], dialogue);
    expect(status).not.toBe(0);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('shows the script, which does no more than look', () => {
    const { status, stdout } = init('--show-script');
    expect(status).toBe(0);
    expect(stdout).toContain('It reads and changes nothing.');
  });
});
