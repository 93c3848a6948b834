import type { LoadedInventory } from '../../inventory/load.ts';
import { POSTGRES_SCHEMA } from '../../remediator/store/postgres-database.ts';
import { databaseOf, queryDatabase, startDatabase, type StackDatabase } from '../backup/database.ts';
import { isThere } from '../backup/volumes.ts';
import { composeAloud, docker, readComposeConfig, type ComposePlace } from '../compose-config.ts';

/**
 * Says whether the database of the journal, where it is one of the stack's own, was written by a newer Steward. Only it can say so, so that it alone is
 * started for that where it does not run, and stopped again where it keeps the others from starting.
 */
export async function databaseProblems(
  { inventory: { remediator } }: LoadedInventory,
  { folder, services = [] }: ComposePlace,
): Promise<string[]> {
  if (services.length > 0 && !services.some((name) => name.startsWith('remediator'))) return [];
  const database = databaseOf(await readComposeConfig({ folder }), remediator.journal);
  if (database === undefined || !(await isThere({ name: database.volume }))) return [];
  const wasRunning = await isRunning(folder, database.service);
  const failure = wasRunning ? undefined : await startDatabase(folder, database);
  if (failure !== undefined) return [`the journal's database cannot be asked for its version: ${failure}`];
  const version = await schemaOf(folder, database);
  if (version <= POSTGRES_SCHEMA) return [];
  if (!wasRunning) await composeAloud(folder, ['stop', database.service]);
  return [
    `the volume ${database.volume} was written by a newer Steward (schema ${version}; this one knows ${POSTGRES_SCHEMA}): install that one again, or steward restore --overwrite a backup of before the upgrade`,
  ];
}

async function isRunning(folder: string, service: string): Promise<boolean> {
  const words = ['compose', '--project-directory', folder, 'ps', '--quiet', '--status', 'running', service];
  return (await docker(words, folder)).trim() !== '';
}

/** 0 where no remediator has been there yet. */
async function schemaOf(folder: string, database: StackDatabase): Promise<number> {
  if ((await queryDatabase(folder, database, `SELECT to_regclass('schema_version')`)) === '') return 0;
  return Number(await queryDatabase(folder, database, 'SELECT max(version) FROM schema_version'));
}
