import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';

interface Exclusion {
  readonly reason: string;
  readonly entries: readonly { readonly dashboard: string; readonly panel: string }[];
}

const file = path.join(import.meta.dirname, '../../grafana/.lint');

/** The exclusions of the linter's configuration, by rule. */
export const exclusions = (load(readFileSync(file, 'utf8')) as { exclusions: Record<string, Exclusion> })
  .exclusions;

/** Whether the configuration takes a panel out of a rule. */
export function isExcluded(rule: string, dashboard: string, panel: string): boolean {
  return (exclusions[rule]?.entries ?? []).some(
    (entry) => entry.dashboard === dashboard && entry.panel === panel,
  );
}
