import { lines, opens, stateTimeline, type AnyPanel } from '../panels.ts';
import { pages } from '../pages.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No scheduled posts';

/** How long what is scheduled lasts. */
export function queuePanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Scheduled posts last for',
        description: 'Time until the last scheduled post is due. At 0 a site has nothing left to publish.',
        empty,
      },
      [
        {
          expr: `clamp_min(content_scheduled_horizon_timestamp_seconds{${chosen}, post_type="post"} - time(), 0)`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's', limit: thresholds.scheduledSecondsLeft },
    ),
    lines(
      { title: 'Next post in', description: 'Time until the next scheduled post is due, by type.', empty },
      [
        {
          expr: `content_next_scheduled_timestamp_seconds{${chosen}} - time()`,
          legend: '{{instance}} {{post_type}}',
        },
      ],
      { unit: 's' },
    ),
  ];
}

/** Whether what is scheduled will be published. */
export function stuckPanels(): AnyPanel[] {
  return [
    opens(
      stateTimeline(
        {
          title: 'Publishing',
          description:
            'Whether posts missed their time, or will miss it because no event of cron publishes them.',
          empty: 'WordPress was not asked yet',
        },
        [
          {
            expr: `sum by (job, instance) (content_posts_missed_schedule{${chosen}} + content_posts_scheduled_without_cron_event{${chosen}}) > bool 0`,
            legend: '{{instance}}',
          },
        ],
        { 0: { text: 'On time', color: 'green' }, 1: { text: 'Stuck', color: 'red' } },
      ),
      pages.site,
    ),
    lines(
      {
        title: 'Posts that are stuck',
        description: 'Posts whose time has passed, and scheduled ones that nothing will publish.',
        empty: 'WordPress was not asked yet',
      },
      [
        {
          expr: `sum by (job, instance) (content_posts_missed_schedule{${chosen}})`,
          legend: '{{instance}} missed',
        },
        {
          expr: `sum by (job, instance) (content_posts_scheduled_without_cron_event{${chosen}})`,
          legend: '{{instance}} without event',
        },
      ],
      { unit: 'short', limit: thresholds.missedPosts },
    ).decimals(0),
  ];
}
