import { fileURLToPath } from 'node:url';
import { runCommand } from '../parts/run-command.ts';
import type { BreakableSite } from './fault.ts';

/** Has WordPress itself do something to its database that leaves it broken. */
export async function changeWordPress(
  { path, url }: Pick<BreakableSite, 'path' | 'url'>,
  what: 'cron' | 'missed-post' | 'plugin' | 'outgrown-cache',
): Promise<void> {
  const script = fileURLToPath(new URL('change-wordpress.php', import.meta.url));
  await runCommand(['php', script, path, url, what]);
}
