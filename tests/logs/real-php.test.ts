import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePorts } from '../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../lab/parts/process.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import type { LogFormat } from '../../inventory/schema/log-file.ts';
import { readWholeLog } from '../helpers/read-whole-log.ts';

/** A plugin that dies in several ways; the way comes from the query, or from the first argument. */
const plugin = `<?php
$way = $_GET['way'] ?? $argv[1];
class Cart { function total(array $items) { return array_sum($items); } }
function checkout($cart, $items) { return $cart->total($items); }
switch ($way) {
  case 'undefined': acme_missing(); break;
  case 'type': checkout(new Cart(), 'four shirts'); break;
  case 'lines': throw new RuntimeException("Order 4711 failed\\n\\nfor a reason; PHP message of the gateway");
  case 'chained': try { throw new LogicException('inner'); } catch (Exception $e) { throw new RuntimeException('outer', 0, $e); }
  case 'memory': ini_set('memory_limit', '8M'); $x = str_repeat('x', 64 * 1024 * 1024); break;
  case 'require': require 'missing/file.php'; break;
}
`;
const ways = ['undefined', 'type', 'lines', 'chained', 'memory', 'require'];

let folder: TempFolder;
const running: RunningProcess[] = [];
const at = (name: string) => join(folder.path, name);
const script = () => at('wp-content/plugins/acme/acme.php');

beforeAll(async () => {
  folder = await createTempFolder('steward-php');
  await chmod(folder.path, 0o755);
  await mkdir(at('wp-content/plugins/acme'), { recursive: true });
  await writeFile(script(), plugin);
  const [fpmPort = 0, nginxPort = 0] = await freePorts(2);
  await startFpm(fpmPort);
  await startNginx(nginxPort, fpmPort);
  for (const way of ways) {
    const response = await fetch(`http://127.0.0.1:${nginxPort}/wp-content/plugins/acme/acme.php?way=${way}`);
    await response.text();
    spawnSync('php', [
      '-d',
      'log_errors=1',
      '-d',
      `error_log=${at('php.log')}`,
      '-d',
      'display_errors=0',
      script(),
      way,
    ]);
  }
  // What the workers wrote is in php-fpm's log when php-fpm has ended.
  await Promise.all(running.map((process) => process.stop()));
});
afterAll(async () => {
  await Promise.all(running.map((process) => process.stop()));
  await folder.remove();
});

async function startFpm(port: number): Promise<void> {
  const program = (await readdir('/usr/sbin')).find((name) => /^php-fpm\d/.test(name)) ?? 'php-fpm';
  const configuration = `[global]
error_log = ${at('php-fpm.log')}
daemonize = no
[www]
user = www-data
listen = 127.0.0.1:${port}
pm = static
pm.max_children = 2
catch_workers_output = yes
php_admin_flag[log_errors] = on
php_admin_flag[display_errors] = off
php_admin_value[error_log] =
`;
  await writeFile(at('php-fpm.conf'), configuration);
  const process = await startProcess({
    name: 'php-fpm',
    argv: [`/usr/sbin/${program}`, '-F', '-y', at('php-fpm.conf')],
    logFile: at('php-fpm.out'),
    debianPackage: 'php-fpm',
  });
  running.push(process);
  await process.untilReady(async () =>
    (await readFile(at('php-fpm.log'), 'utf8')).includes('ready to handle'),
  );
}

async function startNginx(port: number, fpmPort: number): Promise<void> {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${at(name)};`,
  );
  const configuration = `daemon off; pid ${at('nginx.pid')}; error_log ${at('nginx-error.log')}; events {}
http { ${temp.join(' ')}
  log_format timed '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time';
  access_log ${at('nginx-access.log')} timed;
  server { listen 127.0.0.1:${port}; root ${folder.path};
    location /ready { return 204; }
    location / { fastcgi_pass 127.0.0.1:${fpmPort}; include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name; } } }`;
  await writeFile(at('nginx.conf'), configuration);
  const process = await startProcess({
    name: 'nginx',
    argv: ['/usr/sbin/nginx', '-c', at('nginx.conf')],
    logFile: at('nginx.out'),
    debianPackage: 'nginx',
  });
  running.push(process);
  await process.untilReady(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok);
}

const read = async (format: LogFormat, name: string) => readWholeLog(format, await readFile(at(name)));

test('the same fatals of a real PHP are the same in its own log, in that of nginx and in that of php-fpm', async () => {
  const fatals = async (format: LogFormat, name: string) =>
    (await read(format, name)).events
      .filter(({ level }) => level === 'fatal')
      .map(({ fingerprint, message, attribution }) => ({ fingerprint, message, attribution }));
  const own = await fatals('php-error', 'php.log');
  expect(own).toHaveLength(ways.length);
  expect(own.map(({ attribution }) => attribution)).toEqual(
    ways.map(() => ({ kind: 'plugin', slug: 'acme' })),
  );
  expect(new Set(own.map(({ fingerprint }) => fingerprint)).size).toBe(ways.length);
  expect(await fatals('nginx-error', 'nginx-error.log')).toEqual(own);
  expect(await fatals('php-fpm', 'php-fpm.log')).toEqual(own);
});

test('each request of a real nginx is one, with its status and how long it took', async () => {
  const { items, dropped } = await read('nginx-access', 'nginx-access.log');
  const requests = items.filter((item) => item.kind === 'request' && item.path !== '/ready');
  expect(dropped).toBe(0);
  expect(requests).toHaveLength(ways.length);
  for (const request of requests) {
    expect(request).toMatchObject({ method: 'GET', status: 500, durationSeconds: expect.any(Number) });
  }
});
