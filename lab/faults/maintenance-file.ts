import { chown, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountIds } from '../site/account.ts';
import type { Fault } from './fault.ts';

const AGE_SECONDS = 20 * 60;

/** What an update leaves that was broken off twenty minutes ago. */
export const maintenanceFile: Fault = {
  name: 'maintenance-file',
  description: 'an update was broken off, and its maintenance file is still there',
  async inject({ path }) {
    const file = join(path, '.maintenance');
    const then = Math.floor(Date.now() / 1000) - AGE_SECONDS;
    const { uid, gid } = await accountIds('www-data');
    await writeFile(file, `<?php $upgrading = ${then};`);
    await chown(file, uid, gid);
    await utimes(file, then, then);
  },
  collector: 'wordpress',
  seenQuery: 'wordpress_maintenance_file{instance="blog"} == 1',
  alertname: 'WordPressMaintenanceFileStuck',
  instance: 'blog',
  policy: 'remove-maintenance-file',
};
