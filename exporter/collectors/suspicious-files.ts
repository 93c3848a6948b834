import type { Collector } from '../collector.ts';
import { askSuspiciousFiles, suspicionRules } from '../integrity/suspicious-files.ts';
import { gauge, sample } from '../metrics/metric.ts';
import type { SiteTarget } from '../targets/target.ts';

const suspicious = gauge(
  'wordpress_suspicious_files',
  'Files in uploads and plugins that look as if somebody else had put them there, each counted by the first rule that it breaks; docs/integrity.md ' +
    'has the rules. Looked at every hour.',
  ['rule'],
);
const info = gauge(
  'wordpress_suspicious_file_info',
  'Always 1: one suspicious file by its path. The first 20 by path.',
  ['path', 'rule'],
);

const INTERVAL_MS = 60 * 60 * 1000;
const NAMED_FILES = 20;
const metrics = [suspicious, info];

/** Files that do not belong to the site. */
export const suspiciousFiles: Collector<SiteTarget> = {
  name: 'suspicious_files',
  metrics,
  background: {
    intervalMs: INTERVAL_MS,
    metrics,
    async read(target, signal) {
      const { counts, files } = await askSuspiciousFiles(target, signal);
      const named = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, NAMED_FILES);
      return [
        ...suspicionRules.map((rule) => sample(suspicious, counts.get(rule) ?? 0, { rule })),
        ...named.map(({ path, rule }) => sample(info, 1, { path, rule })),
      ];
    },
  },
};
