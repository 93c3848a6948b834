import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from './fault.ts';

/** One less than the pool has workers. */
const STUCK = 2;
const VISITORS = 3;

/** Workers that wait for ever, and more visitors than the last one has time for. They leave when they get an error. */
export const busyPool: Fault = {
  name: 'busy-pool',
  description: 'two of three workers of PHP-FPM are stuck, and visitors queue for the last one',
  async inject({ path, url }, ended) {
    const page = join(path, 'wp-content', 'steward-lab-stuck.php');
    await writeFile(page, '<?php sleep(600);');
    for (let index = 0; index < STUCK; index += 1)
      void fetch(`${url}/wp-content/steward-lab-stuck.php`, { signal: ended ?? null }).catch(() => undefined);
    for (let index = 0; index < VISITORS; index += 1) void visit(url, ended);
  },
  seenQuery: 'phpfpm_listen_queue{instance="blog"} > 0',
  alertname: 'PhpFpmSaturated',
  instance: 'blog',
  policy: 'relieve-php-fpm',
};

async function visit(url: string, ended?: AbortSignal): Promise<void> {
  let isServed = true;
  while (isServed && ended?.aborted !== true) isServed = await isPageServed(url, ended);
}

/** Whether the whole page came: PHP-FPM may be restarted in the middle of it. */
async function isPageServed(url: string, ended?: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: ended ?? null });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}
