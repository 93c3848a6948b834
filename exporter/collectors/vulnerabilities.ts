import { z } from 'zod';
import { askWordPress } from '../clients/wordpress-probe.ts';
import { CollectorError } from '../collector-error.ts';
import { NoDataError, type Collector } from '../collector.ts';
import type { ExtensionKind, KnownVulnerabilities } from '../integrity/known-vulnerabilities.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { SiteTarget } from '../targets/target.ts';
import { labelText } from './wordpress/part.ts';

const WHEN = 'Only where steward.yml says whom to ask, twice a day.';

const vulnerable = gauge(
  'wordpress_vulnerable_extensions',
  `Plugins and themes that are installed in a version of which a vulnerability is known. ${WHEN}`,
  ['extension_kind'],
);
const unknown = gauge(
  'wordpress_extensions_without_known_history',
  `Plugins and themes that the database of vulnerabilities does not know, as it knows none that is not public. ${WHEN}`,
  ['extension_kind'],
);
const each = gauge(
  'wordpress_extension_vulnerabilities',
  `Vulnerabilities that are known of the installed version, of the 20 plugins and themes with the most. ${WHEN}`,
  ['extension_kind', 'slug', 'version'],
);
const metrics = [vulnerable, unknown, each];

const INTERVAL_MS = 12 * 60 * 60 * 1000;
const MOST_NAMED = 20;
const KINDS = { plugin: 'plugins', theme: 'themes' } as const;

const partSchema = z.object({
  named: z.array(z.object({ slug: labelText, version: labelText })).max(200),
});

/** Of which plugins and themes vulnerabilities are known; nothing where nobody is to be asked. */
export function createVulnerabilitiesCollector(
  known: KnownVulnerabilities,
  isOn: () => boolean,
): Collector<SiteTarget> {
  return {
    name: 'vulnerabilities',
    metrics,
    background: {
      intervalMs: INTERVAL_MS,
      metrics,
      async read(target, signal) {
        if (!isOn()) throw new NoDataError('steward.yml names no database of vulnerabilities');
        const { parts } = await askWordPress(target, signal);
        const kinds = Object.entries(KINDS) as [ExtensionKind, string][];
        const found: Found[] = [];
        for (const [kind, part] of kinds) {
          const parsed = partSchema.safeParse(parts[part]);
          if (!parsed.success) throw new CollectorError('bad_answer', `WordPress did not tell its ${part}`);
          // One after the other: who answers does so for nothing.
          for (const { slug, version } of parsed.data.named)
            found.push({ kind, slug, version, count: await known.count(kind, slug, version, signal) });
        }
        return samplesOf(found);
      },
    },
  };
}

interface Found {
  readonly kind: ExtensionKind;
  readonly slug: string;
  readonly version: string;
  readonly count: number | undefined;
}

function samplesOf(found: readonly Found[]): Sample[] {
  const kinds = Object.keys(KINDS) as ExtensionKind[];
  const worst = found
    .filter(({ count = 0 }) => count > 0)
    .toSorted((a, b) => (b.count ?? 0) - (a.count ?? 0) || a.slug.localeCompare(b.slug, 'en'));
  const unique = new Map(worst.map((one) => [`${one.kind} ${one.slug} ${one.version}`, one]));
  return [
    ...kinds.flatMap((extension_kind) => {
      const ofKind = found.filter(({ kind }) => kind === extension_kind);
      return [
        sample(vulnerable, ofKind.filter(({ count = 0 }) => count > 0).length, { extension_kind }),
        sample(unknown, ofKind.filter(({ count }) => count === undefined).length, { extension_kind }),
      ];
    }),
    ...[...unique.values()]
      .slice(0, MOST_NAMED)
      .map(({ kind, slug, version, count = 0 }) =>
        sample(each, count, { extension_kind: kind, slug, version }),
      ),
  ];
}
