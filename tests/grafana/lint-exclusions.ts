import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';

/** One query of a panel that a rule is not for. */
interface ExcludedQuery {
  readonly dashboard: string;
  readonly panel: string;
  /** The place of the query in its panel, from 0 on; the linter reads it as text. */
  readonly targetIdx: string;
}

interface Exclusion {
  readonly reason: string;
  readonly entries: readonly ExcludedQuery[];
}

const file = path.join(import.meta.dirname, '../../grafana/.lint');

/** The exclusions of the linter's configuration, by rule. */
export const exclusions = (load(readFileSync(file, 'utf8')) as { exclusions: Record<string, Exclusion> })
  .exclusions;

/** Whether the configuration takes a query out of a rule. */
export function isExcluded(rule: string, dashboard: string, panel: string, place: number): boolean {
  return (exclusions[rule]?.entries ?? []).some(
    (entry) => entry.dashboard === dashboard && entry.panel === panel && entry.targetIdx === String(place),
  );
}
