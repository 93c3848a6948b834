import { readFile } from 'node:fs/promises';
import type { VerbName } from '../verbs.ts';

/** The files of the probe of WordPress, in the order in which PHP takes them: what starts it is last. */
const probe = [
  'frame',
  'config',
  'connection',
  'site',
  'versions',
  'updates',
  'extensions',
  'database',
  'content',
  'start',
].map((name) => `wordpress-probe/${name}.php`);
/** How wp-config.php and the database's server are found. */
const configuration = ['wordpress-probe/config.php', 'wordpress-probe/literals.php'];
const database = [...configuration, 'site-database/connection.php'];
const siteFiles = [...configuration, 'site-files/folders.php'];

/** The PHP that verbs run, by the name of its file beside the dispatcher, and the files that it is put together from. */
const programs: Readonly<Record<string, readonly string[]>> = {
  'active-plugins': ['programs/active-plugins.php'],
  'clear-caches': ['programs/clear-caches.php'],
  'core-files': ['programs/core-files.php'],
  fetch: ['programs/fetch.php'],
  'php-fpm-client': ['programs/php-fpm-client.php'],
  'publish-missed': ['programs/publish-missed.php'],
  'site-database': [...database, 'site-database/state.php'],
  'site-hashes': [...siteFiles, 'site-files/hashes.php'],
  'site-repair-tables': [...database, 'site-database/repair.php'],
  'site-suspicious': [...siteFiles, 'site-files/suspicious.php'],
  'site-wordpress': probe,
};

/** The programs of each verb that has some. */
const programsOf: Readonly<Partial<Record<VerbName, readonly string[]>>> = {
  'site-activate-plugin': ['active-plugins'],
  'site-clear-caches': ['clear-caches'],
  'site-database': ['site-database'],
  'site-deactivate-plugin': ['active-plugins'],
  'site-hashes': ['site-hashes'],
  'site-opcache': ['php-fpm-client'],
  'site-php-fpm': ['php-fpm-client'],
  'site-publish-missed': ['publish-missed'],
  'site-repair-tables': ['site-repair-tables'],
  'site-reset-opcache': ['php-fpm-client'],
  'site-restore-core': ['core-files', 'fetch'],
  'site-suspicious': ['site-suspicious'],
  'site-undo-restore-core': ['core-files'],
  'site-wordpress': ['site-wordpress'],
};

/** The texts of the programs that some verbs need, by the name of the file that each becomes. */
export async function phpPrograms(verbs: readonly VerbName[]): Promise<Map<string, string>> {
  const names = new Set(verbs.flatMap((verb) => programsOf[verb] ?? []));
  const entries = [...names].map(
    async (name) => [`${name}.php`, await joined(programs[name] ?? [])] as const,
  );
  return new Map(await Promise.all(entries));
}

async function joined(files: readonly string[]): Promise<string> {
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), 'utf8')));
  return `<?php\n${texts.map(withoutOpening).join('\n')}\n`;
}

function withoutOpening(text: string): string {
  return text.replace(/^<\?php\n/, '').trimEnd();
}
