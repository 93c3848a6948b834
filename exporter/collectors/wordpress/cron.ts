import { z } from 'zod';
import { gauge, sample } from '../../metrics/metric.ts';
import { amount, known, timestamp, wordPressPart } from './part.ts';

const events = gauge('wordpress_cron_events', 'Events in the schedule of WordPress.');
const overdue = gauge('wordpress_cron_events_overdue', 'Events whose time has come and that have not run.');
const duplicates = gauge(
  'wordpress_cron_duplicate_events',
  'Events that call the same hook with the same arguments as another one.',
);
const oldestDue = gauge(
  'wordpress_cron_oldest_due_timestamp_seconds',
  'When the event that is due first is, or was, due. No series where the schedule is empty.',
);
const disabled = gauge(
  'wordpress_cron_spawn_disabled',
  'Whether visits run no events, by DISABLE_WP_CRON: something else must call wp-cron.php then.',
);

/** The schedule of WordPress. */
export const cron = wordPressPart(
  'cron',
  z.object({
    events: amount,
    overdue: amount,
    duplicates: amount,
    oldest_due: timestamp,
    disabled: z.boolean(),
  }),
  [events, overdue, duplicates, oldestDue, disabled],
  (value) => [
    sample(events, value.events),
    sample(overdue, value.overdue),
    sample(duplicates, value.duplicates),
    ...known(value.oldest_due, (due) => sample(oldestDue, due)),
    sample(disabled, Number(value.disabled)),
  ],
);
