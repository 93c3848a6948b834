import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';

/** An alerting rule as its file has it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const root = path.join(import.meta.dirname, '../..');

/** The folder that Prometheus reads rules from. */
export const rulesFolder = path.join(root, 'prometheus/rules');

/** The names of the files with rules, such as `sites.yml`. */
export const ruleFiles = readdirSync(rulesFolder);

/** Every alerting rule of every file. */
export const alertRules = ruleFiles.flatMap((name) => {
  const file = load(readFileSync(path.join(rulesFolder, name), 'utf8')) as {
    groups: { rules: (AlertRule | { readonly record: string })[] }[];
  };
  return file.groups.flatMap(({ rules }) => rules).filter((rule) => 'alert' in rule);
});

/** The names of the alerts that the promtool tests expect to fire, and those they expect to be silent. */
export function testedAlerts(): { firing: Set<string>; silent: Set<string> } {
  const tested = { firing: new Set<string>(), silent: new Set<string>() };
  for (const name of readdirSync(import.meta.dirname).filter((entry) => entry.endsWith('.test.yml'))) {
    const file = load(readFileSync(path.join(import.meta.dirname, name), 'utf8')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    for (const { alertname, exp_alerts } of file.tests.flatMap((test) => test.alert_rule_test)) {
      (exp_alerts.length > 0 ? tested.firing : tested.silent).add(alertname);
    }
  }
  return tested;
}
