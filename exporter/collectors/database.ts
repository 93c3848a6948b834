import { z } from 'zod';
import { callVerb } from '../../hosts/call-verb.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import type { Collector } from '../collector.ts';
import { counter, gauge, sample, type Sample } from '../metrics/metric.ts';
import type { SiteTarget } from '../targets/target.ts';

/** The host's client gives up connecting after 2 seconds, and is ended after 5. */
const TIMEOUT_SECONDS = 7;
const LIMIT_BYTES = 16 * 1024;

// The names are those of mysqld_exporter, with `_total` for counters.
const up = gauge(
  'mysql_up',
  "Whether the site's own credentials open a connection to its database, and the server answers, 0 or 1.",
);
const tablesCrashed = gauge(
  'mysql_tables_crashed',
  "Tables of the site's database that the server cannot open, 1000 at most; absent where counting them took over a second.",
);
const metricOf = {
  Threads_connected: gauge('mysql_global_status_threads_connected', 'Connections that are open.'),
  Threads_running: gauge(
    'mysql_global_status_threads_running',
    'Connections that run a statement, the one that asks for Steward among them.',
  ),
  Max_used_connections: gauge(
    'mysql_global_status_max_used_connections',
    'The most connections that were open at once since the server was started.',
  ),
  max_connections: gauge(
    'mysql_global_variables_max_connections',
    'How many connections may be open at once.',
  ),
  Slow_queries: counter(
    'mysql_global_status_slow_queries_total',
    'Statements that took longer than long_query_time.',
  ),
  Questions: counter('mysql_global_status_questions_total', 'Statements that clients sent.'),
  Aborted_connects: counter(
    'mysql_global_status_aborted_connects_total',
    'Connections that failed, such as for a wrong password.',
  ),
  Uptime: gauge('mysql_global_status_uptime', 'How long the server has run, in seconds.'),
} as const;

type Field = keyof typeof metricOf;
const fields = Object.keys(metricOf) as Field[];
const figure = z.number().nonnegative();
const reason = z.string().min(1).max(400);

const answerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unknown'), reason }),
  z.object({ state: z.literal('down'), kind: z.enum(['unreachable', 'refused']), reason }),
  z.object({
    state: z.literal('up'),
    crashed_tables: figure.nullable(),
    ...(Object.fromEntries(fields.map((field) => [field, figure])) as Record<Field, typeof figure>),
  }),
]);

/** The MariaDB or MySQL of the site, which the host asks with the credentials of wp-config.php; they stay there. */
export const database: Collector<SiteTarget> = {
  name: 'database',
  metrics: [up, ...Object.values(metricOf), tablesCrashed],
  async collect({ id, host }, signal) {
    const outcome = await callVerb(host, {
      verb: 'site-database',
      slots: [id],
      timeoutSeconds: TIMEOUT_SECONDS,
      outputLimitBytes: LIMIT_BYTES,
      signal,
    });
    return databaseSamples(printedBy(outcome).toString('utf8'));
  },
};

/**
 * Makes samples of what the verb `site-database` printed. Throws a CollectorError where nothing was asked of the database, and,
 * with the sample that says so, where it is down.
 */
export function databaseSamples(printed: string): readonly Sample[] {
  const parsed = answerSchema.safeParse(parseJson(printed));
  if (!parsed.success)
    throw new CollectorError('bad_answer', 'the answer of site-database is not what it should be');
  const answer = parsed.data;
  if (answer.state === 'unknown') throw new CollectorError('refused', answer.reason);
  if (answer.state === 'down')
    throw new CollectorError(answer.kind, `the database server is of no use to the site: ${answer.reason}`, {
      samples: [sample(up, 0)],
    });
  const crashed = answer.crashed_tables;
  return [
    sample(up, 1),
    ...fields.map((field) => sample(metricOf[field], answer[field])),
    ...(crashed === null ? [] : [sample(tablesCrashed, crashed)]),
  ];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CollectorError('bad_answer', 'the answer of site-database is not JSON', { cause });
  }
}
