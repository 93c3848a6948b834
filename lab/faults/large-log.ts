import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from './fault.ts';

const BYTES = 1_100_000_000;

/** A log that nothing rotates. It is as long as it says, with a hole in it that takes no space. */
export const largeLog: Fault = {
  name: 'log',
  description: 'the access log has grown over one gigabyte',
  inject: ({ folder }) => truncate(join(folder, 'nginx-access.log'), BYTES),
  collector: 'logs',
  seenQuery: 'max(wordpress_log_size_bytes{instance="blog"}) > 1e9',
  alertname: 'WordPressLogLarge',
  instance: 'blog',
  policy: 'rotate-log',
};
