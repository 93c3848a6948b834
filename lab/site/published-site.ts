import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumsOf, startWordPressOrgDouble, type WordPressOrgDouble } from './wordpress-org-double.ts';

/** Starts a wordpress.org that has published just what stands in a site's folder now, without its plugins. */
export async function startPublishedSite(sitePath: string): Promise<WordPressOrgDouble> {
  const double = await startWordPressOrgDouble();
  const text = await readFile(join(sitePath, 'wp-includes/version.php'), 'utf8');
  const version = /wp_version = '([^']+)'/.exec(text)?.[1] ?? '';
  double.answers.set(`/core/checksums/1.0/?version=${version}&locale=en_US`, {
    checksums: await checksumsOf(sitePath),
  });
  return double;
}
