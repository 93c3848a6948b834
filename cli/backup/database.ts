import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { buffer, text } from 'node:stream/consumers';
import { isPostgresAddress } from '../../inventory/journal-address.ts';
import { CommandError } from '../command.ts';
import { composeAloud, docker, type ComposeConfig } from '../compose-config.ts';
import { runQuiet } from '../run-quiet.ts';

/** Where the dump of the journal's database is in an archive. */
export const DUMP_NAME = 'databases/journal.dump';

const START_MS = 120_000;
const INTERVAL_MS = 500;

/** The database of the journal, where it runs in a container of the stack. */
export interface StackDatabase {
  readonly service: string;
  readonly user: string;
  readonly name: string;
  /** The name at the engine of the volume that it is in. */
  readonly volume: string;
}

/** The database that a journal is in, where it is one of the stack's own. */
export function databaseOf({ services, volumes }: ComposeConfig, journal: string): StackDatabase | undefined {
  if (!isPostgresAddress(journal)) return undefined;
  const { hostname: service, username: user, pathname } = new URL(journal);
  const source = services[service]?.volumes.find(({ type }) => type === 'volume')?.source;
  const volume = volumes[source ?? '']?.name;
  return volume === undefined ? undefined : { service, user, name: pathname.slice(1), volume };
}

/** The whole database as of one moment, in the custom format of pg_dump. Rejects with a CommandError where it cannot be had. */
export async function dumpDatabase(folder: string, database: StackDatabase): Promise<Buffer> {
  const words = ['pg_dump', `--username=${database.user}`, '--format=custom', database.name];
  const child = spawn('docker', execWords(folder, database, words), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [content, complaint, [code]] = await Promise.all([buffer(child.stdout), text(child.stderr), closed]);
  if (code === 0) return content;
  throw new CommandError(
    `the journal's database cannot be saved: ${lastLine(complaint)}; it has to run: docker compose up --detach ${database.service}`,
  );
}

/**
 * Puts a dump into a new database, in place of the volume with the old one where there is one: its password is the one that came with the dump. The
 * container is stopped again. Rejects with a CommandError where that fails.
 */
export async function loadDatabase(folder: string, database: StackDatabase, dump: string): Promise<void> {
  const { service, user, name, volume } = database;
  const compose = ['compose', '--project-directory', folder];
  await docker([...compose, 'rm', '--force', '--stop', service], folder);
  await docker(['volume', 'rm', '--force', volume]);
  const failure = await startDatabase(folder, database);
  if (failure !== undefined) throw new CommandError(notFilled(failure));
  const options = ['--no-owner', '--single-transaction', '--exit-on-error'];
  const words = ['pg_restore', `--username=${user}`, `--dbname=${name}`, ...options];
  const child = spawn('docker', execWords(folder, database, words), {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  createReadStream(dump).pipe(child.stdin);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [complaint, [code]] = await Promise.all([text(child.stderr), closed]);
  if (code !== 0) throw new CommandError(notFilled(lastLine(complaint)));
  await composeAloud(folder, ['stop', service]);
}

function notFilled(reason: string): string {
  return `the journal's database could not be filled: ${reason}; all else is back, so run this again with --overwrite once that is mended`;
}

/** Starts it alone, and waits until it answers. Returns why it does not where that is so. */
export async function startDatabase(folder: string, database: StackDatabase): Promise<string | undefined> {
  const { service } = database;
  if ((await composeAloud(folder, ['up', '--detach', service])) !== 0) return 'see above';
  // It listens on the network only once it has made its files; before that it is ready for itself alone.
  const ask = ['pg_isready', '--quiet', '--host=127.0.0.1', `--username=${database.user}`];
  const end = Date.now() + START_MS;
  while ((await runQuiet(['docker', ...execWords(folder, database, ask)], folder)).exitCode !== 0) {
    if (Date.now() > end) return `it does not start, and docker compose logs ${service} says why`;
    await setTimeout(INTERVAL_MS);
  }
  return undefined;
}

/** Asks it one thing as its owner, and returns the answer without its ornaments. Rejects with a CommandError where it has none. */
export async function queryDatabase(
  folder: string,
  database: StackDatabase,
  question: string,
): Promise<string> {
  const bare = ['--no-psqlrc', '--tuples-only', '--no-align'];
  const words = ['psql', `--username=${database.user}`, ...bare, `--command=${question}`, database.name];
  return (await docker(execWords(folder, database, words), folder)).trim();
}

function execWords(folder: string, { service }: StackDatabase, words: readonly string[]): string[] {
  return ['compose', '--project-directory', folder, 'exec', '-T', service, ...words];
}

function lastLine(complaint: string): string {
  return complaint.trim().split('\n').at(-1) ?? '';
}
