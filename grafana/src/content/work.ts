import { lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'WordPress was not asked yet';

/** What was published. */
export function workPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Since the last post',
        description: 'How long ago a post was last published.',
        empty: 'Nothing was published yet',
      },
      [
        {
          expr: `time() - content_last_published_timestamp_seconds{${chosen}, post_type="post"}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's' },
    ),
    lines(
      {
        title: 'Posts published',
        description: 'Posts that were published within each window up to then.',
        empty,
      },
      [
        {
          expr: `sum by (job, instance, window) (content_posts_published_window{${chosen}, post_type="post"})`,
          legend: '{{instance}} {{window}}',
        },
      ],
      { unit: 'short' },
      // A site has a dozen of the series, over a week.
    )
      .decimals(0)
      .interval('30m'),
  ];
}

/** What waits for people. */
export function waitingPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Posts on the way',
        description: 'Posts that are a draft, wait for review or are scheduled.',
        empty,
      },
      [
        {
          expr: `sum by (job, instance, status) (content_posts{${chosen}, post_type="post", status=~"draft|pending|future"})`,
          legend: '{{instance}} {{status}}',
        },
      ],
      { unit: 'short' },
    ).decimals(0),
    ...oldestPanels(),
    lines(
      {
        title: 'Posts in which something is missing',
        description:
          'By what is missing, among the 200 newest of each status. A post may have several problems.',
        empty,
      },
      [
        {
          expr: `sum by (job, instance, problem) (content_posts_invalid{${chosen}}) > 0 or sum by (job, instance) (content_posts_invalid{${chosen}}) == 0`,
          legend: '{{instance}} {{problem}}',
        },
      ],
      { unit: 'short' },
      // A site has a dozen of the series, over a week.
    )
      .decimals(0)
      .interval('30m'),
  ];
}

function oldestPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Oldest draft',
        description: 'How long ago the draft that was left alone longest was last changed.',
        empty: 'No drafts',
      },
      [
        {
          expr: `time() - content_oldest_draft_timestamp_seconds{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's', limit: thresholds.draftSecondsOld },
    ),
    lines(
      {
        title: 'Oldest post that waits for review',
        description: 'How long ago the post that has waited longest was last changed.',
        empty: 'Nothing to review',
      },
      [
        {
          expr: `time() - content_oldest_pending_timestamp_seconds{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's', limit: thresholds.reviewSecondsOld },
    ),
  ];
}
