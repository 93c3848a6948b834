import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from './fault.ts';

/** Permissions as a careless upload leaves them. */
export const permissions: Fault = {
  name: 'permissions',
  description: 'everyone may read and write wp-config.php and the plugins, and a file belongs to root',
  async inject({ path }) {
    await chown(join(path, 'readme.html'), 0, 0);
    await chmod(join(path, 'wp-content', 'plugins'), 0o777);
    await chmod(join(path, 'wp-config.php'), 0o666);
  },
  seenQuery: 'sum(wordpress_path_permission_violations{instance="blog"}) > 0',
  alertname: 'WordPressPermissionsDrifted',
  instance: 'blog',
  policy: 'fix-permissions',
};
