import { changeWordPress } from './change-wordpress.ts';
import type { Fault } from './fault.ts';

/** An event that nothing runs, as where no visitor comes and no cron of the system calls WordPress's. */
export const cron: Fault = {
  name: 'cron',
  description: 'an event of WordPress has been due for an hour, and nothing runs it',
  inject: (site) => changeWordPress(site, 'cron'),
  collector: 'wordpress',
  seenQuery: 'time() - wordpress_cron_oldest_due_timestamp_seconds{instance="blog"} > 900',
  alertname: 'WordPressCronOverdue',
  instance: 'blog',
  policy: 'run-cron',
};
