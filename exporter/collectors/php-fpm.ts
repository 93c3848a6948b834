import { z } from 'zod';
import { callVerb } from '../../hosts/call-verb.ts';
import type { PhpFpmEntry } from '../../inventory/schema/php-fpm.ts';
import { phpFpmAnswer, phpFpmDownReason } from '../clients/php-fpm-answer.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { counter, gauge, sample, type Sample } from '../metrics/metric.ts';
import type { SiteTarget } from '../targets/target.ts';

/** The host's client gives up after 2 seconds and is ended after 4. */
const TIMEOUT_SECONDS = 6;
const LIMIT_BYTES = 128 * 1024;

const up = gauge(
  'phpfpm_up',
  'Whether the pool of PHP-FPM answered within 2 seconds; a pool with no free process does not.',
);
const metricOf = {
  'start time': gauge('phpfpm_start_time_seconds', 'When the pool was started, as Unix time.', ['pool']),
  'accepted conn': counter('phpfpm_accepted_connections_total', 'Requests that the pool accepted.', ['pool']),
  'listen queue': gauge(
    'phpfpm_listen_queue',
    'Requests that wait for a free process. For a pool on a socket of Unix the kernel is asked, by `ss`: without that it is 0.',
    ['pool'],
  ),
  'max listen queue': gauge(
    'phpfpm_max_listen_queue',
    'The most requests that waited at once since the pool was started.',
    ['pool'],
  ),
  'listen queue len': gauge(
    'phpfpm_listen_queue_length',
    'How many requests can wait before they are refused; 0 where the kernel does not say.',
    ['pool'],
  ),
  'idle processes': gauge('phpfpm_idle_processes', 'Processes without work.', ['pool']),
  'active processes': gauge(
    'phpfpm_active_processes',
    'Processes at work, the one that answers Steward among them.',
    ['pool'],
  ),
  'total processes': gauge('phpfpm_processes', 'Processes of the pool, idle and at work.', ['pool']),
  'max active processes': gauge(
    'phpfpm_max_active_processes',
    'The most processes that worked at once since the pool was started.',
    ['pool'],
  ),
  'max children reached': counter(
    'phpfpm_max_children_reached_total',
    'How often the pool wanted more processes than pm.max_children; a pool with pm = static does not count it.',
    ['pool'],
  ),
  'slow requests': counter(
    'phpfpm_slow_requests_total',
    'Requests that took longer than request_slowlog_timeout.',
    ['pool'],
  ),
} as const;

/** What the host's kernel says of a socket of Unix, of whose queue PHP-FPM always says 0. */
const WAITING = /^waiting (\d{1,9})\n/;

type Field = keyof typeof metricOf;
const fields = Object.keys(metricOf) as Field[];
const figure = z.number().nonnegative();

/** The names are those of PHP's own page: sapi/fpm/fpm/fpm_status.c. */
const statusSchema = z.object({
  pool: z.string().min(1).max(64),
  ...(Object.fromEntries(fields.map((field) => [field, figure])) as Record<Field, typeof figure>),
});

/** The status of the site's pool of PHP-FPM, which the host asks for over FastCGI. */
export const phpFpm: Collector<SiteTarget> = {
  name: 'php_fpm',
  metrics: [up, ...Object.values(metricOf)],
  async collect({ id, entry, host }, signal) {
    if (entry.php_fpm === undefined) throw new NoDataError('steward.yml names no php_fpm for this site');
    const outcome = await callVerb(host, {
      verb: 'site-php-fpm',
      slots: [id],
      timeoutSeconds: TIMEOUT_SECONDS,
      outputLimitBytes: LIMIT_BYTES,
      signal,
    });
    return phpFpmSamples(printedBy(outcome).toString('utf8'), entry.php_fpm);
  },
};

/** Makes samples of what the verb `site-php-fpm` printed. Throws a CollectorError where the pool gave no status. */
export function phpFpmSamples(output: string, entry: PhpFpmEntry): readonly Sample[] {
  const [beginning = '', waiting] = WAITING.exec(output) ?? [];
  const printed = output.slice(beginning.length);
  const down = phpFpmDownReason(printed);
  if (down !== undefined) throw new CollectorError('unreachable', down, { samples: [sample(up, 0)] });
  const status = statusSchema.safeParse(
    phpFpmAnswer(
      printed,
      entry.status_url === undefined
        ? 'set pm.status_path in the pool to what php_fpm.status_path says'
        : 'let the web server pass php_fpm.status_url on to the pool, for requests of its own host',
    ),
  );
  if (!status.success)
    throw new CollectorError('bad_answer', 'the status of PHP-FPM is not what it should be');
  const { pool, ...figures } = status.data;
  if (waiting !== undefined) figures['listen queue'] = Number(waiting);
  return [sample(up, 1), ...fields.map((field) => sample(metricOf[field], figures[field], { pool }))];
}
