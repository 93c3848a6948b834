import { statfs } from 'node:fs/promises';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import type { Bench } from './figure.ts';
import { measureAccepting } from './webhooks/accepting.ts';
import { measureCommandStart } from './webhooks/command-start.ts';
import { measureDecision } from './webhooks/decision.ts';
import { measureStorm } from './webhooks/storm.ts';

/** TMPFS_MAGIC of linux/magic.h. */
const TMPFS = 0x01_02_19_94;

/** What the remediator takes, as stripped JavaScript: webhooks, a storm of them, a decision, and its memory. */
export const remediator: Bench = async (progress) => {
  await runCommand([process.execPath, 'cli/strip.ts'], { cwd: new URL('../..', import.meta.url).pathname });
  await using folder = await createTempFolder('steward-bench-remediator');
  if ((await statfs(folder.path)).type === TMPFS)
    throw new Error(
      `${folder.path} is kept in memory, where a commit costs nothing: set TMPDIR to a folder on a disk`,
    );
  return [
    ...(await measureAccepting(folder.path, progress)),
    ...(await measureCommandStart(folder.path)),
    ...(await measureStorm(folder.path, progress)),
    ...(await measureDecision(folder.path, progress)),
  ];
};
