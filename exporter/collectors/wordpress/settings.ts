import { z } from 'zod';
import { gauge, sample } from '../../metrics/metric.ts';
import { mapOf, amount, wordPressPart } from './part.ts';

const debugEnabled = gauge(
  'wordpress_debug_enabled',
  'Whether a constant for debugging is on; WP_DEBUG_LOG and WP_DEBUG_DISPLAY do nothing while WP_DEBUG is off.',
  ['constant'],
);
const constantEnabled = gauge(
  'wordpress_constant_enabled',
  'Whether another constant that wp-config.php may set is on: for editing of files, updates, cron and caches.',
  ['constant'],
);
const objectCache = gauge(
  'wordpress_object_cache_enabled',
  'Whether the drop-in of a persistent object cache is there.',
);
const pageCache = gauge(
  'wordpress_page_cache_enabled',
  'Whether the drop-in of a page cache is there and WP_CACHE is on.',
);
const siteHealth = gauge(
  'wordpress_site_health_issues',
  'Results of the Site Health tests by status, as WordPress last counted them, which it does once a week. No series before that.',
  ['status'],
);

const FOR_DEBUGGING = ['WP_DEBUG', 'WP_DEBUG_LOG', 'WP_DEBUG_DISPLAY', 'SCRIPT_DEBUG', 'SAVEQUERIES'];

/** The constants of wp-config.php. */
export const debug = wordPressPart(
  'debug',
  mapOf(z.boolean(), 30),
  [debugEnabled, constantEnabled],
  (value) =>
    Object.entries(value).map(([constant, isOn]) =>
      sample(FOR_DEBUGGING.includes(constant) ? debugEnabled : constantEnabled, Number(isOn), { constant }),
    ),
);

/** The drop-ins that cache. */
export const caches = wordPressPart(
  'caches',
  z.object({ object_cache: z.boolean(), page_cache: z.boolean() }),
  [objectCache, pageCache],
  (value) => [sample(objectCache, Number(value.object_cache)), sample(pageCache, Number(value.page_cache))],
);

/** What WordPress thinks of itself. */
export const health = wordPressPart(
  'site_health',
  z.object({ counts: z.object({ good: amount, recommended: amount, critical: amount }).nullable() }),
  [siteHealth],
  ({ counts }) =>
    Object.entries(counts ?? {}).map(([status, number]) => sample(siteHealth, number, { status })),
);
