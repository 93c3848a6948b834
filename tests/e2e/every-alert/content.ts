import { missedPost } from '../../../lab/faults/missed-post.ts';
import type { AlertFault } from './alert-fault.ts';
import type { Stage } from './stage.ts';

const changed = (what: string) => async (stage: Stage) => {
  await stage.inWordPress(what);
  await stage.readAgain('blog', 'wordpress');
};

/** What is wrong with posts. */
export const posts: readonly AlertFault[] = [
  {
    description: 'a post was scheduled for an hour ago, and is not out',
    alerts: ['PostsMissedSchedule'],
    inject: async (stage) => {
      await missedPost.inject(stage.lab.site);
      await stage.readAgain('blog', 'wordpress');
    },
  },
  {
    description: 'a scheduled post has no event that publishes it',
    alerts: ['PostsWithoutCronEvent'],
    inject: changed('no-event'),
  },
  {
    description: 'a post has waited for its review for eight days',
    alerts: ['PostsWaitForReview'],
    inject: changed('pending'),
  },
  {
    description: 'a scheduled post has no title',
    alerts: ['ScheduledPostsIncomplete'],
    inject: changed('incomplete'),
  },
  {
    description: 'a draft was last changed a hundred days ago',
    alerts: ['DraftsForgotten'],
    inject: changed('draft'),
  },
];

/** Four posts within a week, and one that is scheduled for the next: what a site has whose rhythm then breaks. */
export const beginRhythm = changed('rhythm');

/** What is not as it was before. */
export const silence: readonly AlertFault[] = [
  {
    description: 'the last post of a site with four a week is two months old',
    alerts: ['NothingPublished'],
    inject: changed('silence'),
  },
  {
    description: 'the last scheduled post comes out tomorrow, where they reached for nine days',
    alerts: ['ContentQueueRunsOut'],
    inject: changed('horizon'),
  },
];
