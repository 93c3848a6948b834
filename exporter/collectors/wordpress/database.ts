import { z } from 'zod';
import { gauge, sample } from '../../metrics/metric.ts';
import { amount, wordPressPart } from './part.ts';

const tables = gauge(
  'wordpress_db_tables',
  'Tables of the database: those of WordPress itself, and all others.',
  ['table_group'],
);
const size = gauge(
  'wordpress_db_size_bytes',
  'Size of the database as information_schema estimates it; part="overhead" is space that is kept and not used.',
  ['table_group', 'part'],
);
const autoloadOptions = gauge('wordpress_autoload_options', 'Options that are read at every visit.');
const autoloadSize = gauge(
  'wordpress_autoload_size_bytes',
  'Size of the options that are read at every visit; Site Health takes 800,000 bytes for critical.',
);
const transients = gauge('wordpress_transients', 'Transients in the table of options.');
const transientsExpired = gauge(
  'wordpress_transients_expired',
  'Transients in the table of options whose time is over.',
);

const group = z.object({ tables: amount, data: amount, index: amount, overhead: amount });

/** The size of the database. */
export const database = wordPressPart(
  'database',
  z.object({ core: group, other: group }),
  [tables, size],
  (value) =>
    (['core', 'other'] as const).flatMap((table_group) => [
      sample(tables, value[table_group].tables, { table_group }),
      ...(['data', 'index', 'overhead'] as const).map((part) =>
        sample(size, value[table_group][part], { table_group, part }),
      ),
    ]),
);

/** The table of options. */
export const options = wordPressPart(
  'options',
  z.object({
    autoload_options: amount,
    autoload_bytes: amount,
    transients: amount,
    transients_expired: amount,
  }),
  [autoloadOptions, autoloadSize, transients, transientsExpired],
  (value) => [
    sample(autoloadOptions, value.autoload_options),
    sample(autoloadSize, value.autoload_bytes),
    sample(transients, value.transients),
    sample(transientsExpired, value.transients_expired),
  ],
);
