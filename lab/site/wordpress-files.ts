import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../parts/run-command.ts';

/** Where Debian's package keeps WordPress; parts of it are links into other packages. */
const DEBIAN_WORDPRESS = '/usr/share/wordpress';

/** Copies Debian's WordPress, with its links followed, to a site's folder. */
export async function copyWordPress(sitePath: string): Promise<void> {
  await runCommand(['cp', '-rL', '--', DEBIAN_WORDPRESS, sitePath]);
  // Debian's own wp-config.php looks below /etc for the site's.
  await runCommand(['rm', '-f', '--', join(sitePath, 'wp-config.php')]);
}

/** Packs Debian's WordPress as wordpress.org packs a release, without what stands in wp-content. */
export function releaseArchive(): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const argv = ['-C', '/usr/share', '-chzf', '-', '--exclude=wordpress/wp-content', 'wordpress'];
  const limits = { encoding: 'buffer', maxBuffer: 100_000_000 } as const;
  execFile('tar', argv, limits, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  return promise;
}

/** Writes wp-config.php for a database that is reached by a socket. */
export async function writeWordPressConfig(
  sitePath: string,
  database: { readonly socket: string; readonly password: string },
): Promise<void> {
  const keys = ['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'].flatMap((name) => [
    `${name}_KEY`,
    `${name}_SALT`,
  ]);
  const salts = keys.map((name) => `define('${name}', '${randomBytes(32).toString('base64')}');`).join('\n');
  await writeFile(
    join(sitePath, 'wp-config.php'),
    `<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'wordpress');
define('DB_PASSWORD', '${database.password}');
define('DB_HOST', 'localhost:${database.socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
${salts}
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
`,
  );
}

/** Gives all files to www-data, with the modes of Steward's default profile. */
export async function setWordPressPermissions(sitePath: string): Promise<void> {
  await runCommand(['chown', '-R', 'www-data:www-data', '--', sitePath]);
  await runCommand(['chmod', '-R', 'u=rwX,go=rX', '--', sitePath]);
  await chmod(join(sitePath, 'wp-config.php'), 0o640);
}
