import { mkdir, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../parts/run-command.ts';
import { accountIds } from './account.ts';
import type { SupervisedProgram } from './supervisor.ts';

/** A MariaDB of the lab's own. */
export interface LabDatabase {
  readonly program: SupervisedProgram;
  readonly socket: string;
  /** Whether it answers. */
  isReady(): Promise<boolean>;
  /** Runs SQL as its root. */
  execute(sql: string): Promise<void>;
}

/** Where the files of the database are, which is where MariaDB works. */
export function databaseFolderOf(folder: string): string {
  return join(folder, 'mariadb', 'data');
}

/** Makes an empty database below a lab's folder. It listens on a socket there, and on no port. */
export async function prepareMariaDb(labFolder: string): Promise<LabDatabase> {
  const folder = join(labFolder, 'mariadb');
  const data = databaseFolderOf(labFolder);
  const socket = join(folder, 'mysqld.sock');
  const configuration = join(folder, 'my.cnf');
  const { uid, gid } = await accountIds('mysql');
  await mkdir(folder, { recursive: true });
  await chown(folder, uid, gid);
  await writeFile(configuration, serverConfiguration(data, socket, folder));
  await runCommand([
    'mariadb-install-db',
    `--defaults-file=${configuration}`,
    '--user=mysql',
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    // Without it, it refuses a machine whose own name leads nowhere, which this one is never called by.
    '--force',
  ]);
  const client = ['--no-defaults', `--socket=${socket}`, '--user=root'];
  return {
    program: {
      name: 'mariadb',
      command: ['/usr/sbin/mariadbd', `--defaults-file=${configuration}`],
      stopSignal: 'TERM',
    },
    socket,
    isReady: () =>
      runCommand(['mariadb-admin', ...client, 'ping'], { timeoutMs: 5000 }).then(
        () => true,
        () => false,
      ),
    execute: async (sql) => {
      await runCommand(['mariadb', ...client], { stdin: sql });
    },
  };
}

/** Small buffers: the lab holds one small site, and must be ready soon. */
function serverConfiguration(data: string, socket: string, folder: string): string {
  return `[mariadbd]
datadir=${data}
socket=${socket}
pid-file=${join(folder, 'mysqld.pid')}
tmpdir=${folder}
user=mysql
skip-networking
innodb_buffer_pool_size=32M
innodb_log_file_size=8M
innodb_flush_log_at_trx_commit=2
performance_schema=OFF
`;
}
