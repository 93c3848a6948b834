import { z } from 'zod';
import { callVerb } from '../../hosts/call-verb.ts';
import { phpFpmAnswer, phpFpmDownReason } from '../clients/php-fpm-answer.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { counter, gauge, sample, type Sample } from '../metrics/metric.ts';
import type { SiteTarget } from '../targets/target.ts';

/** The host's client gives up after 2 seconds and is ended after 4. */
const TIMEOUT_SECONDS = 6;
const LIMIT_BYTES = 128 * 1024;

const enabled = gauge('opcache_enabled', "Whether OPcache is at work in the site's pool of PHP-FPM, 0 or 1.");
const full = gauge(
  'opcache_full',
  'Whether the memory of OPcache is full, so that it takes no more scripts, 0 or 1.',
);
const memoryUsed = gauge('opcache_memory_used_bytes', 'Memory in use for scripts, in bytes.');
const memoryFree = gauge('opcache_memory_free_bytes', 'Memory that is free, in bytes.');
const memoryWasted = gauge(
  'opcache_memory_wasted_bytes',
  'Memory of scripts that changed, in bytes; only a restart of OPcache frees it.',
);
const stringsUsed = gauge(
  'opcache_interned_strings_used_bytes',
  'Memory in use for interned strings, in bytes.',
);
const stringsFree = gauge(
  'opcache_interned_strings_free_bytes',
  'Memory for interned strings that is free, in bytes.',
);
const cachedScripts = gauge('opcache_cached_scripts', 'Scripts in OPcache.');
const cachedKeys = gauge('opcache_cached_keys', 'Keys in OPcache; a script can have several.');
const maxCachedKeys = gauge('opcache_max_cached_keys', 'How many keys OPcache has room for.');
const hits = counter('opcache_hits_total', 'Scripts that were found in OPcache.');
const misses = counter('opcache_misses_total', 'Scripts that were not found in OPcache.');
const restarts = counter(
  'opcache_restarts_total',
  'Restarts of OPcache: out of memory (oom), out of keys (hash), or asked for (manual).',
  ['reason'],
);

const figure = z.number().nonnegative();
const memory = z.object({ used_memory: figure, free_memory: figure });

/** The names are those of opcache_get_status: https://www.php.net/opcache_get_status */
const answerSchema = z.object({
  is_loaded: z.boolean(),
  is_callable: z.boolean(),
  is_restricted: z.boolean(),
  status: z
    .discriminatedUnion('opcache_enabled', [
      z.object({ opcache_enabled: z.literal(false) }),
      z.object({
        opcache_enabled: z.literal(true),
        cache_full: z.boolean(),
        memory_usage: memory.extend({ wasted_memory: figure }),
        interned_strings_usage: memory.optional(),
        opcache_statistics: z.object({
          num_cached_scripts: figure,
          num_cached_keys: figure,
          max_cached_keys: figure,
          hits: figure,
          misses: figure,
          oom_restarts: figure,
          hash_restarts: figure,
          manual_restarts: figure,
        }),
      }),
    ])
    .nullable(),
});

type Answer = z.output<typeof answerSchema>;
type Status = Extract<Answer['status'], { opcache_enabled: true }>;

/** OPcache in the site's pool of PHP-FPM, which runs a script of root's for it. */
export const opcache: Collector<SiteTarget> = {
  name: 'opcache',
  metrics: [
    enabled,
    full,
    memoryUsed,
    memoryFree,
    memoryWasted,
    stringsUsed,
    stringsFree,
    cachedScripts,
    cachedKeys,
    maxCachedKeys,
    hits,
    misses,
    restarts,
  ],
  async collect({ id, entry, host }, signal) {
    if (entry.php_fpm === undefined) throw new NoDataError('steward.yml names no php_fpm for this site');
    if (entry.php_fpm.status_url !== undefined)
      throw new NoDataError('OPcache is asked over FastCGI, which php_fpm names no socket or address for');
    const outcome = await callVerb(host, {
      verb: 'site-opcache',
      slots: [id],
      timeoutSeconds: TIMEOUT_SECONDS,
      outputLimitBytes: LIMIT_BYTES,
      signal,
    });
    return opcacheSamples(printedBy(outcome).toString('utf8'));
  },
};

/** Makes samples of what the verb `site-opcache` printed. Throws a CollectorError where the pool does not tell. */
export function opcacheSamples(printed: string): readonly Sample[] {
  const down = phpFpmDownReason(printed);
  if (down !== undefined) throw new CollectorError('unreachable', down);
  const answer = answerSchema.safeParse(
    phpFpmAnswer(
      printed,
      "the pool must be able to read opcache-status.php beside Steward's dispatcher: add that folder to its open_basedir",
    ),
  );
  if (!answer.success)
    throw new CollectorError('bad_answer', 'the status of OPcache is not what it should be');
  const { status } = answer.data;
  if (status === null) return samplesWithoutStatus(answer.data);
  return status.opcache_enabled ? [sample(enabled, 1), ...statusSamples(status)] : [sample(enabled, 0)];
}

/** PHP gives no status where OPcache is off, and where it may not be asked. */
function samplesWithoutStatus(answer: Answer): Sample[] {
  if (answer.is_loaded && !answer.is_callable)
    throw new CollectorError('refused', 'disable_functions of the pool has opcache_get_status in it');
  if (answer.is_loaded && answer.is_restricted)
    throw new CollectorError(
      'refused',
      "opcache.restrict_api of the pool leaves out the folder of Steward's dispatcher",
    );
  return [sample(enabled, 0)];
}

function statusSamples(status: Status): Sample[] {
  const { memory_usage: used, interned_strings_usage: strings, opcache_statistics: statistics } = status;
  return [
    sample(full, status.cache_full ? 1 : 0),
    sample(memoryUsed, used.used_memory),
    sample(memoryFree, used.free_memory),
    sample(memoryWasted, used.wasted_memory),
    ...(strings === undefined
      ? []
      : [sample(stringsUsed, strings.used_memory), sample(stringsFree, strings.free_memory)]),
    sample(cachedScripts, statistics.num_cached_scripts),
    sample(cachedKeys, statistics.num_cached_keys),
    sample(maxCachedKeys, statistics.max_cached_keys),
    sample(hits, statistics.hits),
    sample(misses, statistics.misses),
    sample(restarts, statistics.oom_restarts, { reason: 'oom' }),
    sample(restarts, statistics.hash_restarts, { reason: 'hash' }),
    sample(restarts, statistics.manual_restarts, { reason: 'manual' }),
  ];
}
