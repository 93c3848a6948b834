import { chown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountIds } from '../site/account.ts';
import { freePort } from './free-port.ts';
import { startProcess, type RunningProcess } from './process.ts';
import { runCommand } from './run-command.ts';

/** A real PostgreSQL on loopback. */
export interface Postgres {
  readonly port: number;
  readonly process: RunningProcess;
  /** Makes an empty database, and returns its address. */
  createDatabase(name: string): Promise<string>;
  /** Runs SQL in a database, as the superuser, and returns what psql prints. */
  execute(database: string, sql: string): Promise<string>;
  stop(): Promise<void>;
  /** Starts it again, with all that it holds, after it was stopped. */
  restart(): Promise<Postgres>;
}

const POSTGRES_USER = 'steward';
/** The password of its superuser, whose name is in the addresses of databases. */
export const POSTGRES_PASSWORD = 'database-password';

const PROGRAMS = '/usr/lib/postgresql';
const ACCOUNT = 'postgres';

/** Starts an empty PostgreSQL in a folder. It refuses to run as root: there it takes the account of its package. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const programs = await newestPrograms();
  await mkdir(folder, { recursive: true });
  const asAccount = await accountPrefix(folder);
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, POSTGRES_PASSWORD);
  await runCommand([
    ...asAccount,
    join(programs, 'initdb'),
    `--pgdata=${join(folder, 'data')}`,
    `--username=${POSTGRES_USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]);
  return serve(folder, programs, asAccount, await freePort());
}

async function serve(
  folder: string,
  programs: string,
  asAccount: readonly ['env', ...string[]],
  port: number,
): Promise<Postgres> {
  const process = await startProcess({
    name: 'postgres',
    argv: [...asAccount, join(programs, 'postgres'), '-D', join(folder, 'data'), ...settings(folder, port)],
    logFile: join(folder, 'postgres.log'),
    debianPackage: 'postgresql',
  });
  const execute = async (database: string, sql: string): Promise<string> => {
    const address = `postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@127.0.0.1:${port}/${database}`;
    const argv = [join(programs, 'psql'), '-XAtq', '-v', 'ON_ERROR_STOP=1', address] as const;
    return (await runCommand([...argv], { stdin: sql })).stdout;
  };
  const answers = () =>
    execute('postgres', 'SELECT 1').then(
      () => true,
      () => false,
    );
  await process.untilReady(answers);
  return {
    port,
    process,
    async createDatabase(name) {
      await execute('postgres', `CREATE DATABASE "${name}"`);
      return `postgres://${POSTGRES_USER}@127.0.0.1:${port}/${name}`;
    },
    execute,
    // SIGINT ends the sessions that are open; SIGTERM would wait for them.
    async stop() {
      process.kill('SIGINT');
      await process.ended;
    },
    restart: () => serve(folder, programs, asAccount, port),
  };
}

/** Debian has each major version in a folder of its own. */
async function newestPrograms(): Promise<string> {
  const versions = await readdir(PROGRAMS).catch(() => []);
  const [newest] = versions
    .map(Number)
    .filter(Number.isFinite)
    .sort((one, other) => other - one);
  if (newest === undefined) throw new Error('there is no PostgreSQL; install the package postgresql');
  return join(PROGRAMS, String(newest), 'bin');
}

async function accountPrefix(folder: string): Promise<readonly ['env', ...string[]]> {
  if (globalThis.process.getuid?.() !== 0) return ['env'];
  const { uid, gid } = await accountIds(ACCOUNT);
  await chown(folder, uid, gid);
  return ['env', 'setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'];
}

/** What it holds is gone with its folder: it does not wait for the disk. */
function settings(folder: string, port: number): string[] {
  return [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'full_page_writes=off',
    'shared_buffers=16MB',
    'max_connections=100',
    'autovacuum=off',
  ].flatMap((setting) => ['-c', setting]);
}
