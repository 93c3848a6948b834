import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';

/** An alerting rule as its file has it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A recording rule as its file has it. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  /** How often it is evaluated, where its group has an interval of its own. */
  readonly everySeconds?: number;
}

const root = path.join(import.meta.dirname, '../..');

/** The folder that Prometheus reads rules from. */
export const rulesFolder = path.join(root, 'prometheus/rules');

/** The names of the files with rules, such as `sites.yml`. */
export const ruleFiles = readdirSync(rulesFolder);

const allRules = ruleFiles.flatMap(rulesIn);

function rulesIn(name: string): (AlertRule | RecordingRule)[] {
  const file = load(readFileSync(path.join(rulesFolder, name), 'utf8')) as {
    groups: { interval?: string; rules: (AlertRule | RecordingRule)[] }[];
  };
  return file.groups.flatMap(({ interval, rules }) => {
    const minutes = /^(\d+)m$/.exec(interval ?? '')?.[1];
    return minutes === undefined
      ? rules
      : rules.map((rule) => ({ ...rule, everySeconds: 60 * Number(minutes) }));
  });
}

/** Every alerting rule of every file. */
export const alertRules = allRules.filter((rule) => 'alert' in rule);

/** Every alerting rule of a file, such as `sites.yml`. */
export function alertRulesIn(name: string): AlertRule[] {
  return rulesIn(name).filter((rule) => 'alert' in rule);
}

/** Every recording rule of every file. */
export const recordingRules = allRules.filter((rule) => 'record' in rule);

/** The names of the alerts that the promtool tests expect to fire, and those they expect to be silent. */
export function testedAlerts(): { firing: Set<string>; silent: Set<string> } {
  const tested = { firing: new Set<string>(), silent: new Set<string>() };
  for (const name of readdirSync(import.meta.dirname).filter((entry) => entry.endsWith('.test.yml'))) {
    const file = load(readFileSync(path.join(import.meta.dirname, name), 'utf8')) as {
      tests: { alert_rule_test?: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    for (const { alertname, exp_alerts } of file.tests.flatMap((test) => test.alert_rule_test ?? [])) {
      (exp_alerts.length > 0 ? tested.firing : tested.silent).add(alertname);
    }
  }
  return tested;
}
