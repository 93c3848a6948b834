import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../parts/free-port.ts';
import { runCommand } from '../parts/run-command.ts';
import { allSettledOrThrow } from '../parts/settle.ts';
import { waitUntil } from '../parts/wait-until.ts';
import { prepareMariaDb, type LabDatabase } from './mariadb.ts';
import { prepareNginx } from './nginx.ts';
import { preparePhpFpm } from './php-fpm.ts';
import { startSupervisor, type SupervisedProgram, type Supervisor } from './supervisor.ts';
import { copyWordPress, setWordPressPermissions, writeWordPressConfig } from './wordpress-files.ts';

/** A real WordPress on loopback, with its database, PHP-FPM and nginx under supervisor. */
export interface WordPressSite {
  readonly url: string;
  readonly path: string;
  /** The folder that has all of it: sockets, logs and the database, too. */
  readonly folder: string;
  readonly supervisor: Supervisor;
  /** The socket of its pool of PHP-FPM. */
  readonly phpSocket: string;
  /** Its services, by the names that supervisor knows, and what tests their configuration. */
  readonly services: readonly SupervisedProgram[];
  stop(): Promise<void>;
}

/** A text that stands on the front page. */
export const FRONT_PAGE_TEXT = 'A site to break';

/** Where the files of a site stand: the path has a blank and a quote in it, as some sites' do. */
export function sitePathOf(folder: string): string {
  return join(folder, `it's a site`, 'wordpress');
}

/**
 * Sets the site up in a folder. Where it is reached at another address
 * than that on loopback, `place` says so.
 */
export async function startWordPressSite(
  folder: string,
  place?: { readonly port: number; readonly url: string },
): Promise<WordPressSite> {
  const path = sitePathOf(folder);
  const port = place?.port ?? (await freePort());
  const url = place?.url ?? `http://127.0.0.1:${port}`;
  await mkdir(dirname(path));
  await chmod(dirname(path), 0o755);
  const [database] = await allSettledOrThrow([prepareMariaDb(folder), copyWordPress(path)]);
  const php = await preparePhpFpm(folder);
  const nginx = await prepareNginx({ folder, port, root: path, phpSocket: php.socket });
  const password = randomBytes(16).toString('hex');
  await writeWordPressConfig(path, { socket: database.socket, password });
  await setWordPressPermissions(path);
  const programs = [database.program, php.program, nginx];
  const supervisor = await startSupervisor(folder, programs);
  try {
    await createDatabase(database, password);
    await install(path, url);
    await waitUntil(() => showsFrontPage(url), { what: 'WordPress to show its front page' });
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  return {
    url,
    path,
    folder,
    supervisor,
    phpSocket: php.socket,
    services: programs,
    stop: () => supervisor.stop(),
  };
}

async function createDatabase(database: LabDatabase, password: string): Promise<void> {
  await waitUntil(() => database.isReady(), { what: 'MariaDB to answer' });
  await database.execute(`
    CREATE DATABASE wordpress CHARACTER SET utf8mb4;
    CREATE USER wordpress@localhost IDENTIFIED BY '${password}';
    GRANT ALL ON wordpress.* TO wordpress@localhost;`);
}

async function install(path: string, url: string): Promise<void> {
  const script = fileURLToPath(new URL('install-wordpress.php', import.meta.url));
  await runCommand(['php', script, path, url, randomBytes(16).toString('hex')]);
}

async function showsFrontPage(url: string): Promise<boolean> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
  return response.ok && (await response.text()).includes(FRONT_PAGE_TEXT);
}
