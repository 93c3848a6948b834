import { changeWordPress } from './change-wordpress.ts';
import type { Fault } from './fault.ts';

/** A post whose hour passed without its event. */
export const missedPost: Fault = {
  name: 'missed-post',
  description: 'a post was scheduled for an hour ago, and is not out',
  inject: (site) => changeWordPress(site, 'missed-post'),
  collector: 'wordpress',
  seenQuery: 'sum(content_posts_missed_schedule{instance="blog"}) > 0',
  alertname: 'PostsMissedSchedule',
  instance: 'blog',
  policy: 'publish-missed',
};
