import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from './fault.ts';

/** Its manager sees nothing of it: the process runs. */
export const phpSocket: Fault = {
  name: 'php-socket',
  description: "PHP-FPM runs, but its socket is gone, as where somebody's clean-up went too far",
  inject: ({ folder }) => rm(join(folder, 'php-fpm.sock')),
  seenQuery: 'phpfpm_up{instance="blog"} == 0',
  alertname: 'PhpFpmDown',
  instance: 'blog',
  policy: 'restart-php-fpm',
};
