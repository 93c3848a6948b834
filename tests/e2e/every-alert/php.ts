import { appendFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { busyPool } from '../../../lab/faults/busy-pool.ts';
import { crashedTable } from '../../../lab/faults/crashed-table.ts';
import { fullOpcache } from '../../../lab/faults/full-opcache.ts';
import { phpSocket } from '../../../lab/faults/php-socket.ts';
import type { AlertFault } from './alert-fault.ts';
import type { Stage } from './stage.ts';

/** What PHP and the database are that answer all the same. */
export const strained: readonly AlertFault[] = [
  {
    description: 'PHP has compiled more than OPcache has room for',
    alerts: ['OpcacheFull'],
    inject: ({ lab }) => fullOpcache.inject(lab.site),
  },
  {
    description: 'a table of the database was cut off, and cannot be opened',
    alerts: ['DatabaseTablesCrashed'],
    inject: ({ lab }) => crashedTable.inject(lab.site),
  },
  {
    description: 'each query counts as a slow one',
    alerts: ['DatabaseSlow'],
    inject: (stage) =>
      stage.sql(`SET GLOBAL long_query_time = 0; SET long_query_time = 0; ${'SELECT 1;'.repeat(200)}`),
    mend: (stage) => stage.sql('SET GLOBAL long_query_time = 10;'),
  },
];

/** Programs keep nearly as many connections as there may be. */
export const connections: AlertFault = {
  description: 'nine of ten connections to the database are taken',
  alerts: ['DatabaseConnectionsNearLimit'],
  async inject(stage, ended) {
    await stage.sql('SET GLOBAL max_connections = 10;');
    const socket = `--socket=${join(stage.lab.site.folder, 'mariadb', 'mysqld.sock')}`;
    for (let count = 0; count < 8; count += 1)
      spawn('mariadb', ['--no-defaults', '--user=root', socket, '-e', 'SELECT SLEEP(300)'], {
        stdio: 'ignore',
        signal: ended,
      }).on('error', () => undefined);
  },
  mend: (stage) => stage.sql('SET GLOBAL max_connections = 151;'),
};

/** Each worker of PHP-FPM has work, and visitors wait. */
export const saturated: AlertFault = {
  description: busyPool.description,
  alerts: ['PhpFpmSaturated'],
  inject: ({ lab }, ended) => busyPool.inject(lab.site, ended),
  mend: (stage) => stage.service('restart', 'php-fpm'),
};

/** PHP-FPM is there for nobody. */
export const noSocket: AlertFault = {
  description: phpSocket.description,
  alerts: ['PhpFpmDown'],
  inject: ({ lab }) => phpSocket.inject(lab.site),
  mend: (stage) => stage.service('restart', 'php-fpm'),
};

/** Somebody switches it off, and nobody on again. */
export const noOpcache: AlertFault = {
  description: 'OPcache is switched off in the pool',
  alerts: ['OpcacheOff'],
  inject: (stage) => changePool(stage, 'php_admin_value[opcache.enable] = 0\n'),
};

async function changePool(stage: Stage, line: string): Promise<void> {
  await appendFile(join(stage.lab.site.folder, 'php-fpm.conf'), line);
  await stage.service('restart', 'php-fpm');
}

/** The database ends, and with it WordPress. */
export const noDatabase: AlertFault = {
  description: 'MariaDB is stopped',
  alerts: ['DatabaseDown', 'WordPressDown'],
  async inject(stage) {
    await stage.service('stop', 'mariadb');
    await stage.readAgain('blog', 'wordpress').catch(() => undefined);
  },
  mend: (stage) => stage.service('start', 'mariadb'),
};
