import { z } from 'zod';
import { gauge, sample } from '../../metrics/metric.ts';
import { labelText, wordPressPart } from './part.ts';

const info = gauge(
  'wordpress_info',
  'Always 1. The version of PHP is that of the command line. Empty is what the database would have told.',
  ['version', 'php_version', 'db_server', 'locale', 'multisite'],
);
const maintenance = gauge(
  'wordpress_maintenance_file',
  'Whether the file .maintenance is there: 1 while an update runs, or where one was broken off.',
);

/** What runs the site. */
export const versions = wordPressPart(
  'versions',
  z.object({
    wordpress: labelText,
    php: labelText,
    db_server: labelText,
    locale: labelText,
    multisite: z.boolean(),
  }),
  [info],
  (value) => [
    sample(info, 1, {
      version: value.wordpress,
      php_version: value.php,
      db_server: value.db_server,
      locale: value.locale,
      multisite: String(value.multisite),
    }),
  ],
);

/** Whether WordPress itself loads; `wordpress_up` is made of whether this part was had. */
export const load = wordPressPart('load', z.object({ maintenance: z.boolean() }), [maintenance], (value) => [
  sample(maintenance, Number(value.maintenance)),
]);
