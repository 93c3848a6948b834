import { readFile } from 'node:fs/promises';

/** The files of the probe, in the order in which PHP takes them: what starts it is last. */
const FILES = [
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
];

/** The one PHP text that `site-wordpress` runs, put together from its files. */
export function wordPressProbe(): Promise<string> {
  return joined(FILES.map((name) => `wordpress-probe/${name}.php`));
}

/** The one PHP text that `site-database` runs. It finds wp-config.php and the server by the same rules. */
export function siteDatabaseProbe(): Promise<string> {
  return siteDatabaseProgram('state');
}

/** The one PHP text that `site-repair-tables` runs. */
export function siteRepairTablesProgram(): Promise<string> {
  return siteDatabaseProgram('repair');
}

function siteDatabaseProgram(name: string): Promise<string> {
  const shared = ['wordpress-probe/config.php', 'wordpress-probe/literals.php'];
  return joined([...shared, 'site-database/connection.php', `site-database/${name}.php`]);
}

/** The one PHP text that `site-hashes` runs. */
export function siteHashesProgram(): Promise<string> {
  return siteFilesProgram('hashes');
}

/** The one PHP text that `site-suspicious` runs. */
export function siteSuspiciousProgram(): Promise<string> {
  return siteFilesProgram('suspicious');
}

function siteFilesProgram(name: string): Promise<string> {
  const shared = ['wordpress-probe/config.php', 'wordpress-probe/literals.php', 'site-files/folders.php'];
  return joined([...shared, `site-files/${name}.php`]);
}

async function joined(files: readonly string[]): Promise<string> {
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), 'utf8')));
  return `<?php\n${texts.map(withoutOpening).join('\n')}`;
}

function withoutOpening(text: string): string {
  return text.replace(/^<\?php\n/, '').trimEnd();
}
