import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SupervisedProgram } from './supervisor.ts';

/** Where the pool of the lab gives its status over FastCGI; nginx does not pass it on. */
export const PHP_FPM_STATUS_PATH = '/fpm-status';

/** Writes the configuration of a PHP-FPM with one pool, which runs as www-data and listens on a socket. */
export async function preparePhpFpm(folder: string): Promise<{ program: SupervisedProgram; socket: string }> {
  const socket = join(folder, 'php-fpm.sock');
  const configuration = join(folder, 'php-fpm.conf');
  await writeFile(
    configuration,
    `[global]
pid = ${join(folder, 'php-fpm.pid')}
error_log = ${join(folder, 'php-fpm.log')}
daemonize = no
[www]
user = www-data
group = www-data
listen = ${socket}
listen.owner = www-data
listen.group = www-data
pm = static
pm.max_children = 3
pm.status_path = ${PHP_FPM_STATUS_PATH}
`,
  );
  const program = join('/usr/sbin', await phpFpmProgram());
  return {
    program: {
      name: 'php-fpm',
      command: [program, '-F', '-y', configuration],
      stopSignal: 'QUIT',
      configTest: [program, '-t', '-y', configuration],
    },
    socket,
  };
}

/** Debian's program carries the version of PHP in its name. */
async function phpFpmProgram(): Promise<string> {
  const found = (await readdir('/usr/sbin')).filter((name) => /^php-fpm\d/.test(name)).at(-1);
  if (found === undefined) throw new Error('php-fpm is missing; install the package php-fpm');
  return found;
}
