import { relative } from 'node:path';
import type { LoadedInventory } from '../../inventory/load.ts';
import { SQLITE_SCHEMA } from '../../remediator/store/sqlite-database.ts';
import { hasImage, isThere, onVolume, readStack } from '../backup/volumes.ts';
import type { ComposePlace } from '../compose-config.ts';
import { commandEnvironment } from '../config.ts';
import { runAttached } from '../run-attached.ts';
import { runQuiet } from '../run-quiet.ts';

/** Where docker-compose.yml puts the volume with the journal, below the folder of steward.yml. */
const MOUNT = 'data/remediator';
/** What Node runs in a container: it prints the version of the schema, or nothing where there is no journal yet. */
const READ_VERSION = `const file = '/state/' + process.argv[1];
if (require('node:fs').existsSync(file)) {
  const { DatabaseSync } = require('node:sqlite');
  console.log(new DatabaseSync(file, { timeout: 5000 }).prepare('PRAGMA user_version').get().user_version);
}`;

/** Says which volume was written by a newer Steward, so that the services of this one would refuse it at each start. */
export async function volumeProblems(
  { inventory: { remediator } }: LoadedInventory,
  place: ComposePlace,
): Promise<string[]> {
  const { folder, services = [] } = place;
  const journal = relative(MOUNT, remediator.journal);
  const isElsewhere = remediator.journal.includes('://') || journal.startsWith('..');
  if (isElsewhere || (services.length > 0 && !services.includes('remediator'))) return [];
  const stack = await readStack({ folder });
  const volume = stack.volumes.find(({ id }) => id === 'remediator');
  if (volume === undefined || !(await isThere(volume))) return [];
  if (!(await hasImage(stack))) {
    // This builds or gets the image as `up` would, and starts nothing.
    const create = ['docker', 'compose', ...stack.project, 'create', 'remediator'] as const;
    const { exitCode } = await runAttached(create, commandEnvironment());
    if (exitCode !== 0) return ['there is no image of the remediator, and none could be made: see above'];
  }
  const { exitCode, stdout, stderr } = await runQuiet(
    onVolume(stack, volume, ['node', '-e', READ_VERSION, journal]),
  );
  if (exitCode !== 0)
    return [`the volume ${volume.name} cannot be read: ${stderr.trim().split('\n')[0] ?? ''}`];
  if (Number(stdout) <= SQLITE_SCHEMA) return [];
  return [
    `the volume ${volume.name} was written by a newer Steward (schema ${stdout.trim()}; this one knows ${SQLITE_SCHEMA}): install that one again, or steward restore --overwrite a backup of before the upgrade`,
  ];
}
