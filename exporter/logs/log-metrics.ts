import { freqtradeKinds } from '../../logs/freqtrade-log.ts';
import { logLevels } from '../../logs/log-event.ts';
import type { LogOwner, WatchedLog } from '../../inventory/logs.ts';
import { logsOf } from '../../inventory/logs.ts';
import type { LogStatus } from '../clients/log-files.ts';
import {
  counter,
  gauge,
  histogram,
  histogramSamples,
  sample,
  type MetricDescriptor,
  type Sample,
} from '../metrics/metric.ts';
import { durationBucketsSeconds, noCounts, type LogCounts } from './log-counts.ts';
import type { LogsReading } from './read-logs.ts';

const LABEL = 'The label log is the format, with a number from the second log of one format on.';
const RESTART = 'Counted since the log was first watched, over restarts.';

/** The metrics of logs under a prefix: what is said of a site's logs is said of a bot's too. */
function metricsOfAnyLog(prefix: string) {
  return {
    readable: gauge(
      `${prefix}_log_readable`,
      `Whether the log can be read, 0 or 1: 0 where it is a link, or not a plain file with one name. ${LABEL}`,
      ['log'],
    ),
    size: gauge(`${prefix}_log_size_bytes`, 'Size of the log in bytes; 0 where it is not there.', ['log']),
    bytes: counter(
      `${prefix}_log_read_bytes_total`,
      `Bytes that were added to the log and read, over rotations: its growth. ${RESTART}`,
      ['log'],
    ),
    dropped: counter(
      `${prefix}_log_lines_dropped_total`,
      `Lines that were cut at 64 KiB (reason="too_long") or say nothing in the log's format (reason="not_understood"). ${RESTART}`,
      ['log', 'reason'],
    ),
    lost: counter(
      `${prefix}_log_rotations_lost_total`,
      `Times that the log was rotated or truncated and the end of what it was before was not found again. ${RESTART}`,
      ['log'],
    ),
    events: counter(
      `${prefix}_log_events_total`,
      `Events by level; a message with its trace is one. What PHP writes has PHP's own level in every log. ${RESTART}`,
      ['log', 'level'],
    ),
  };
}

const site = metricsOfAnyLog('wordpress');
const bot = metricsOfAnyLog('trading_bot');

const fatals = counter(
  'wordpress_log_fatals_total',
  'PHP fatal errors by the plugin, theme or mu-plugin whose code the trace leads to; the first 50 by name, the others as slug="other". ' +
    'The same fatal may stand in several logs, and is then counted in each. What is new is shown as 0 for one reading first.',
  ['log', 'kind', 'slug'],
);
const requests = counter('wordpress_log_requests_total', 'Requests by class of the status, such as 5xx.', [
  'log',
  'status',
]);
const visits = counter(
  'wordpress_log_visits_total',
  "Requests for pages, not for files, by others than Steward and WordPress's own cron: what there is only where visitors reach the site.",
  ['log'],
);
const loginFailures = counter(
  'wordpress_log_login_failures_total',
  'Logins that failed: POST to wp-login.php that was answered without a redirect and without a fault of the server.',
  ['log'],
);
const xmlRpc = counter('wordpress_log_xmlrpc_requests_total', 'Requests to xmlrpc.php.', ['log']);
const durations = histogram(
  'wordpress_log_request_duration_seconds',
  'How long requests took, in seconds. Only where the log has the time after the combined format: $request_time of nginx, %D of Apache.',
  ['log'],
);
const slow = counter(
  'wordpress_log_slow_requests_total',
  "Requests that php-fpm wrote into its slow log. Only where the pool's request_slowlog_timeout is set.",
  ['log'],
);
const messages = counter('trading_bot_log_messages_total', `Messages by what they are about. ${RESTART}`, [
  'log',
  'kind',
]);

/** Every metric of a site's logs. */
export const siteLogMetrics: readonly MetricDescriptor[] = [
  ...Object.values(site),
  fatals,
  requests,
  visits,
  loginFailures,
  xmlRpc,
  durations,
  slow,
];

/** Every metric of a bot's log. */
export const botLogMetrics: readonly MetricDescriptor[] = [...Object.values(bot), messages];

/** Says in metrics what a reading of a site's or bot's logs gave. */
export function logSamples(owner: LogOwner, { states, before, statuses }: LogsReading): Sample[] {
  return logsOf(owner).flatMap((log) => {
    const counts = states[log.name]?.counts ?? noCounts();
    const known = before[log.name]?.counts ?? noCounts();
    return [...anyLogSamples(log, counts, statuses.get(log.name)), ...formatSamples(log, counts, known)];
  });
}

function anyLogSamples(
  { name: log, format }: WatchedLog,
  counts: LogCounts,
  status: LogStatus | undefined,
): Sample[] {
  const metrics = format === 'freqtrade' ? bot : site;
  return [
    sample(metrics.readable, status === undefined || status.kind === 'link' ? 0 : 1, { log }),
    sample(metrics.size, status?.kind === 'file' ? status.file.sizeBytes : 0, { log }),
    sample(metrics.bytes, counts.bytes, { log }),
    sample(metrics.dropped, counts.linesCut, { log, reason: 'too_long' }),
    sample(metrics.dropped, counts.linesNotUnderstood, { log, reason: 'not_understood' }),
    sample(metrics.lost, counts.lostRotations, { log }),
  ];
}

function formatSamples(log: WatchedLog, counts: LogCounts, known: LogCounts): Sample[] {
  switch (log.format) {
    case 'nginx-access':
    case 'apache-access':
      return requestSamples(log.name, counts);
    case 'php-fpm-slow':
      return [sample(slow, counts.slowRequests, { log: log.name })];
    case 'freqtrade':
      return [
        ...eventSamples(bot.events, log.name, counts),
        ...freqtradeKinds.map((kind) =>
          sample(messages, counts.messages[kind] ?? 0, { log: log.name, kind }),
        ),
      ];
    case 'wordpress-debug':
    case 'php-error':
    case 'php-fpm':
    case 'nginx-error':
    case 'apache-error':
      return [...eventSamples(site.events, log.name, counts), ...fatalSamples(log.name, counts, known)];
  }
}

function eventSamples(metric: typeof site.events, log: string, { events }: LogCounts): Sample[] {
  return logLevels.map((level) => sample(metric, events[level] ?? 0, { log, level }));
}

/** What is new is 0 for one reading: of a series that begins above that, Prometheus sees no rise. */
function fatalSamples(log: string, counts: LogCounts, known: LogCounts): Sample[] {
  return Object.entries(counts.fatals).map(([key, value]) => {
    const [kind = '', slug = ''] = key.split(' ');
    return sample(fatals, Object.hasOwn(known.fatals, key) ? value : 0, { log, kind, slug });
  });
}

function requestSamples(log: string, counts: LogCounts): Sample[] {
  return [
    ...['1xx', '2xx', '3xx', '4xx', '5xx'].map((status) =>
      sample(requests, counts.requests[status] ?? 0, { log, status }),
    ),
    sample(visits, counts.visits, { log }),
    sample(loginFailures, counts.loginFailures, { log }),
    sample(xmlRpc, counts.xmlRpc, { log }),
    ...histogramSamples(
      durations,
      { log },
      {
        buckets: durationBucketsSeconds.map((bound) => [bound, counts.durationBuckets[String(bound)] ?? 0]),
        count: counts.timedRequests,
        sum: counts.durationSeconds,
      },
    ),
  ];
}
