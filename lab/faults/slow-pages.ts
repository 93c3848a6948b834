import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { changeWordPress } from './change-wordpress.ts';
import type { Fault } from './fault.ts';

/** A page takes this much longer. */
const SLOWER_MS = 1200;

/** A plugin that goes through a cache that has outgrown itself, while something else uses all processors, in what time others leave. */
export const slowPages: Fault = {
  name: 'slow-pages',
  description: 'pages are slow since a cache has outgrown itself, and the processors are busy',
  async inject(site, ended) {
    const folder = join(site.path, 'wp-content', 'mu-plugins');
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'steward-lab.php'),
      `<?php if (PHP_SAPI !== 'cli' && get_option('_transient_steward_lab')) usleep(${SLOWER_MS * 1000});\n`,
    );
    await changeWordPress(site, 'outgrown-cache');
    const burn = 'while :; do :; done';
    for (let index = 0; index < availableParallelism(); index += 1)
      spawn('setpriv', ['--pdeathsig', 'TERM', 'nice', '-n', '19', 'sh', '-c', burn], {
        stdio: 'ignore',
        signal: ended,
      }).on('error', () => undefined);
  },
  seenQuery: `probe_duration_seconds{instance="blog"} > ${SLOWER_MS / 1000}`,
  alertname: 'SiteSlow',
  instance: 'blog',
  policy: 'relieve-slow-site',
};
