import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A row of docs/metrics.md, which `npm run generate:check` holds to what Steward exports. */
interface DocumentedMetric {
  readonly name: string;
  readonly kind: string;
  readonly labels: readonly string[];
  /** Which program has it. */
  readonly of: 'exporter' | 'remediator';
}

const file = path.join(import.meta.dirname, '../../docs/metrics.md');

/** Every metric of docs/metrics.md; one that both programs have stands there twice. */
export const documentedMetrics: readonly DocumentedMetric[] = readFileSync(file, 'utf8')
  .split(/^(?=## )/m)
  .flatMap((section) => {
    const of = section.startsWith('## The remediator\n') ? 'remediator' : 'exporter';
    return [...section.matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(
      ([, name = '', kind = '', labels = '']) => ({
        ...{ name, kind, of },
        labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
      }),
    );
  });

/** The names of the series that a metric has. */
export function seriesNamesOf({ name, kind }: DocumentedMetric): string[] {
  return kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}
