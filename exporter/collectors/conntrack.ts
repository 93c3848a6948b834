import { NoDataError, type Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const entries = gauge('host_conntrack_entries', 'Connections that the firewall follows.');
const limit = gauge(
  'host_conntrack_entries_limit',
  'Connections that the firewall can follow; more are dropped.',
);

/** How full the firewall's table of connections is. A host without such a firewall has none. */
export const conntrack: Collector<HostTarget> = {
  name: 'conntrack',
  metrics: [entries, limit],
  collect: async ({ facts }, signal) => parseConntrack((await facts(signal)).conntrack),
};

/** Reads nf_conntrack_count and nf_conntrack_max of /proc/sys/net/netfilter. */
export function parseConntrack(texts: {
  readonly count: string | undefined;
  readonly max: string | undefined;
}): Sample[] {
  if (!texts.count || !texts.max) throw new NoDataError('the firewall follows no connections');
  const values = [texts.count, texts.max].map((text) => (/^\d+\s*$/.test(text) ? Number(text) : Number.NaN));
  const [count = Number.NaN, max = Number.NaN] = values;
  if (Number.isNaN(count + max)) {
    throw new CollectorError('bad_answer', 'nf_conntrack_count or nf_conntrack_max is not a number');
  }
  return [sample(entries, count), sample(limit, max)];
}
