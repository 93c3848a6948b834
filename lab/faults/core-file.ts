import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from './fault.ts';

/** A file of WordPress itself that somebody changed. */
export const coreFile: Fault = {
  name: 'core-file',
  description: 'a file of WordPress itself was changed',
  inject: ({ path }) => appendFile(join(path, 'wp-includes', 'rss.php'), '\n// changed\n'),
  collector: 'checksums',
  seenQuery: 'sum(wordpress_core_checksum_files{instance="blog"}) > 0',
  alertname: 'WordPressCoreFilesChanged',
  instance: 'blog',
  policy: 'restore-core-files',
};
