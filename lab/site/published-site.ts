import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseArchive } from './wordpress-files.ts';
import { checksumsOf, startWordPressOrgDouble, type WordPressOrgDouble } from './wordpress-org-double.ts';

/**
 * Starts a wordpress.org that has published just what stands in a site's folder now: WordPress, and the plugin that it comes with. It answers as a database of
 * vulnerabilities, too, which knows one of that plugin.
 */
export async function startPublishedSite(sitePath: string): Promise<WordPressOrgDouble> {
  const double = await startWordPressOrgDouble();
  const text = await readFile(join(sitePath, 'wp-includes/version.php'), 'utf8');
  const version = /wp_version = '([^']+)'/.exec(text)?.[1] ?? '';
  double.answers.set(`/core/checksums/1.0/?version=${version}&locale=en_US`, {
    checksums: await checksumsOf(sitePath),
  });
  double.answers.set(`/release/wordpress-${version}.tar.gz`, releaseArchive);
  const akismet = join(sitePath, 'wp-content/plugins/akismet');
  const header = await readFile(join(akismet, 'akismet.php'), 'utf8');
  const files = Object.entries(await checksumsOf(akismet)).map(([file, md5]) => [file, { md5 }]);
  double.answers.set(`/plugin-checksums/akismet/${/Version: (\S+)/.exec(header)?.[1] ?? ''}.json`, {
    files: Object.fromEntries(files) as unknown,
  });
  double.answers.set('/plugin/akismet/', {
    error: 0,
    message: null,
    data: { name: 'Akismet', vulnerability: [{ operator: { max_version: '99', max_operator: 'lt' } }] },
  });
  return double;
}
