import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SupervisedProgram } from './supervisor.ts';

/** Where nginx listens, what it serves, and who runs its PHP. */
export interface NginxOptions {
  readonly folder: string;
  readonly port: number;
  readonly root: string;
  readonly phpSocket: string;
  /** Where it gives the status of PHP-FPM, if it does. */
  readonly statusPath?: string;
}

/** Writes the configuration of an nginx that serves one WordPress site on loopback. */
export async function prepareNginx({
  folder,
  port,
  root,
  phpSocket,
  statusPath,
}: NginxOptions): Promise<SupervisedProgram> {
  const configuration = join(folder, 'nginx.conf');
  await mkdir(join(folder, 'nginx'), { recursive: true, mode: 0o755 });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${join(folder, 'nginx', name)};`)
    .join('\n');
  const status =
    statusPath === undefined
      ? ''
      : `location = ${statusPath} {
      allow 127.0.0.1;
      deny all;
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $fastcgi_script_name;
      fastcgi_pass unix:${phpSocket};
    }`;
  await writeFile(
    configuration,
    `daemon off;
user www-data;
worker_processes 1;
pid ${join(folder, 'nginx.pid')};
error_log ${join(folder, 'nginx-error.log')};
events { worker_connections 256; }
http {
  include /etc/nginx/mime.types;
  access_log ${join(folder, 'nginx-access.log')};
${temporary}
  server {
    listen 127.0.0.1:${port};
    root "${root.replaceAll('"', '\\"')}";
    index index.php;
    ${status}
    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ \\.php$ {
      include /etc/nginx/fastcgi_params;
      # Debian's parameters leave the port out, and WordPress would redirect for ever.
      fastcgi_param HTTP_HOST $http_host;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_pass unix:${phpSocket};
    }
  }
}
`,
  );
  const command = ['/usr/sbin/nginx', '-c', configuration] as const;
  return { name: 'nginx', command, stopSignal: 'QUIT', configTest: [...command, '-t', '-q'] };
}
