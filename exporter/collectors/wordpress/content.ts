import { z } from 'zod';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import { amount, known, mapOf, timestamp, wordPressPart } from './part.ts';

const TYPES = 'Post types other than the 30 with the most posts are left out.';
const posts = gauge('content_posts', `Posts by type and status. ${TYPES}`, ['post_type', 'status']);
const publishedRecently = gauge(
  'content_posts_published_window',
  'Posts that were published within the window up to now.',
  ['post_type', 'window'],
);
const lastPublished = gauge(
  'content_last_published_timestamp_seconds',
  'When a post of the type was last published. No series where none was.',
  ['post_type'],
);
const missed = gauge(
  'content_posts_missed_schedule',
  'Posts that are still scheduled although their time has passed, among the 2000 that are due first.',
  ['post_type'],
);
const withoutEvent = gauge(
  'content_posts_scheduled_without_cron_event',
  'Scheduled posts that no event of cron will publish, among the 2000 that are due first.',
  ['post_type'],
);
const nextScheduled = gauge(
  'content_next_scheduled_timestamp_seconds',
  'When the next scheduled post is due. No series where none is scheduled for later than now.',
  ['post_type'],
);
const horizon = gauge(
  'content_scheduled_horizon_timestamp_seconds',
  'When the last scheduled post is due: the queue is empty after it. No series where none is scheduled.',
  ['post_type'],
);
const oldestDraft = gauge(
  'content_oldest_draft_timestamp_seconds',
  'When the draft that was left alone for the longest time was last changed. No series where there is no draft.',
);
const oldestPending = gauge(
  'content_oldest_pending_timestamp_seconds',
  'When the post that waits for review for the longest time was last changed. No series where none waits.',
);
const invalid = gauge(
  'content_posts_invalid',
  'Posts of the type "post" in which something is missing, among the 200 newest of each status; a post may have several problems.',
  ['status', 'problem'],
);

const MOST_TYPES = 30;
const ofType = z.object({
  statuses: z.object({ publish: amount, future: amount, draft: amount, pending: amount, private: amount }),
  last_published: timestamp,
  published: z.object({ '24h': amount, '7d': amount }),
});
const queue = z.object({ missed: amount, without_event: amount, next: timestamp, horizon: timestamp });
const problems = z.object({
  empty_title: amount,
  empty_content: amount,
  no_featured_image: amount,
  uncategorized: amount,
});

/** The queue of content. */
export const content = wordPressPart(
  'content',
  z.object({
    types: mapOf(ofType, MOST_TYPES),
    scheduled: mapOf(queue, MOST_TYPES),
    oldest_draft: timestamp,
    oldest_pending: timestamp,
    invalid: z.object({ publish: problems, future: problems, pending: problems }),
  }),
  [
    posts,
    publishedRecently,
    lastPublished,
    missed,
    withoutEvent,
    nextScheduled,
    horizon,
    oldestDraft,
    oldestPending,
    invalid,
  ],
  (value) => [
    ...Object.entries(value.types).flatMap(([type, counts]) => samplesOfType(type, counts)),
    ...Object.entries(value.scheduled).flatMap(([type, counts]) => samplesOfQueue(type, counts)),
    ...known(value.oldest_draft, (time) => sample(oldestDraft, time)),
    ...known(value.oldest_pending, (time) => sample(oldestPending, time)),
    ...Object.entries(value.invalid).flatMap(([status, found]) =>
      Object.entries(found).map(([problem, number]) => sample(invalid, number, { status, problem })),
    ),
  ],
);

function samplesOfType(post_type: string, value: z.output<typeof ofType>): Sample[] {
  return [
    ...Object.entries(value.statuses).map(([status, number]) => sample(posts, number, { post_type, status })),
    ...Object.entries(value.published).map(([window, number]) =>
      sample(publishedRecently, number, { post_type, window }),
    ),
    ...known(value.last_published, (time) => sample(lastPublished, time, { post_type })),
  ];
}

function samplesOfQueue(post_type: string, value: z.output<typeof queue>): Sample[] {
  return [
    sample(missed, value.missed, { post_type }),
    sample(withoutEvent, value.without_event, { post_type }),
    ...known(value.next, (time) => sample(nextScheduled, time, { post_type })),
    ...known(value.horizon, (time) => sample(horizon, time, { post_type })),
  ];
}
