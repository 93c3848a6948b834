import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';

/** An alert as Prometheus makes it of samples, with what it sends to Alertmanager. */
export interface FiringAlert {
  readonly alertname: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface TestFile {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly {
        readonly exp_labels?: Readonly<Record<string, string>>;
        readonly exp_annotations?: Readonly<Record<string, string>>;
      }[];
    }[];
  }[];
}

/** The first firing of each alert that the promtool tests see, by name: promtool compares it with what Prometheus renders. */
export function firstFirings(): readonly FiringAlert[] {
  const firings = new Map<string, FiringAlert>();
  const names = readdirSync(import.meta.dirname).filter((entry) => entry.endsWith('.test.yml'));
  for (const name of names) {
    const { tests } = load(readFileSync(path.join(import.meta.dirname, name), 'utf8')) as TestFile;
    for (const { alertname, exp_alerts } of tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test)) {
      for (const { exp_labels: labels = {}, exp_annotations: annotations } of exp_alerts) {
        if (annotations !== undefined && !firings.has(alertname))
          firings.set(alertname, { alertname, labels: { alertname, ...labels }, annotations });
      }
    }
  }
  return [...firings.values()].toSorted((a, b) => (a.alertname < b.alertname ? -1 : 1));
}
