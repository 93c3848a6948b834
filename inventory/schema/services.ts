import { z } from 'zod';
import { isPlainPostgresAddress, isPostgresAddress } from '../journal-address.ts';
import { httpUrl, listenAddress, localFile, positiveDuration } from './values.ts';

/** The exporter's own settings. */
export const exporterSchema = z.strictObject({
  listen: listenAddress.default('127.0.0.1:9840').describe('Where it listens.'),
  url: httpUrl.default('http://127.0.0.1:9840').describe('Where the remediator reaches it, for /refresh.'),
  job_prefix: z
    .string()
    .regex(/^(?:[a-z][a-z0-9-]{0,30})?$/, 'a-z, 0-9 and "-", starting with a letter, 31 characters at most')
    .default('')
    .describe(
      'Goes before exporter, host, site, bot and job in the label job, where a Prometheus of your own has such names already.',
    ),
  state_dir: z.string().min(1).default('data/exporter').describe('Folder of what must survive a restart.'),
  username: z.string().min(1).default('steward').describe('User of /refresh and /-/reload.'),
  password_file: localFile
    .default('secrets/exporter_password')
    .describe('Password of /refresh and /-/reload.'),
  ping_token_file: localFile
    .default('secrets/ping_token')
    .describe('Token with which jobs report in at /ping.'),
  wordpress_org: z
    .strictObject({
      api_url: httpUrl
        .default('https://api.wordpress.org')
        .describe('Knows the checksums of WordPress itself.'),
      downloads_url: httpUrl
        .default('https://downloads.wordpress.org')
        .describe('Has the checksums of plugins.'),
    })
    .prefault({})
    .describe('Where wordpress.org is asked, or a mirror of it.'),
  vulnerabilities_url: httpUrl
    .optional()
    .describe(
      'Where known vulnerabilities are asked for, such as https://www.wpvulnerability.net. It learns which plugins and themes there are, and not whose they are. Nobody is asked where it is left out.',
    ),
  series_limit: z
    .int()
    .positive()
    .default(1000)
    .describe(
      'So many series of each collector and target are shown; steward_series_dropped_total counts the others.',
    ),
});

/** The remediator's own settings. */
export const remediatorSchema = z.strictObject({
  listen: listenAddress.default('127.0.0.1:9841').describe('Where it listens.'),
  external_url: httpUrl.default('http://127.0.0.1:9841').describe('Where people open it; used in links.'),
  journal: z
    .string()
    .min(1)
    .refine((journal) => !isPostgresAddress(journal) || isPlainPostgresAddress(journal), {
      error: 'postgres://user@host:port/database without a password, which stands in journal_password_file',
    })
    .default('data/remediator/journal.sqlite')
    .describe(
      'Where the journal of runs is: an SQLite file, or postgres://user@host:port/database for several replicas.',
    ),
  journal_password_file: localFile
    .optional()
    .describe('Password of the PostgreSQL database of the journal, where it asks for one.'),
  keep_runs: positiveDuration
    .prefault('400d')
    .describe('How long runs stay in the journal; those that decisions still count stay longer.'),
  max_runs: z
    .int()
    .min(1)
    .max(100)
    .default(4)
    .describe(
      'How many runs may be at work at once, on different hosts. One that waits between two steps is none of them.',
    ),
  webhook_token_file: localFile
    .default('secrets/webhook_token')
    .describe("Bearer token of Alertmanager's webhook."),
  username: z.string().min(1).default('steward').describe('User of its page, API and /-/reload.'),
  password_file: localFile
    .default('secrets/remediator_password')
    .describe('Password of its page, API and /-/reload.'),
});

const upstream = (url: string, name: string) =>
  z.strictObject({
    url: httpUrl.default(url).describe('Where Steward reaches it.'),
    external_url: httpUrl.optional().describe('Where people open it; used in links.'),
    username: z.string().min(1).default('steward').describe('User of its API.'),
    password_file: localFile.default(`secrets/${name}_password`).describe('Password of its API.'),
  });

/** Where Prometheus is. */
export const prometheusSchema = upstream('http://127.0.0.1:9090', 'prometheus').extend({
  queries: z
    .strictObject({
      url: httpUrl.describe('Where it answers /api/v1/query.'),
      username: z.string().min(1).optional().describe('User of its API, where it asks for one.'),
      password_file: localFile.optional().describe('Password of its API, where it asks for one.'),
    })
    .optional()
    .describe(
      'A store that Prometheus writes to, such as VictoriaMetrics, Mimir or Thanos: queries are asked there, and rules and the time of Prometheus.',
    ),
});
/** Where Alertmanager is. */
export const alertmanagerSchema = upstream('http://127.0.0.1:9093', 'alertmanager');
/** Where Grafana is. */
export const grafanaSchema = z.strictObject({
  external_url: httpUrl.default('http://127.0.0.1:3000').describe('Where people open it; used in links.'),
});
