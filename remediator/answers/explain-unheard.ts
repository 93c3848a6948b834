import { policyFor } from '../decide/planned.ts';
import { reasonTexts } from '../decide/reason-texts.ts';
import { explainNow, nameOf, type Explanation } from './explain.ts';
import { messageOf } from '../message-of.ts';
import type { AlertingRule, PrometheusClient } from '../prometheus/prometheus-client.ts';
import type { DecideDependencies } from '../run/decide-now.ts';
import type { Run } from '../run/run.ts';

/** The alert that somebody asks about, as they named it. */
interface Asked {
  readonly alertname: string;
  /** What it is about, where they said. */
  readonly instance: unknown;
}

/** Explains an alert of which no run is kept, by what Prometheus knows of it; a text, where that is nothing, says what to do instead. */
export async function explainUnheard(
  { alertname, instance }: Asked,
  dependencies: DecideDependencies,
  prometheus: Pick<PrometheusClient, 'query' | 'alertingRules'>,
): Promise<Explanation | string> {
  try {
    const rules = (await prometheus.alertingRules()).filter(({ name }) => name === alertname);
    const [rule] = rules;
    if (rule === undefined)
      return 'no run and no alert of that name is known: `steward runs` lists the runs, and its pages the alerts';
    const labels = await labelsNow(rules, instance, prometheus);
    if (labels !== undefined) return await explainUndelivered(labels, dependencies);
    const about = { ...rule.labels, alertname, ...(typeof instance === 'string' ? { instance } : {}) };
    const policy = policyFor(about, dependencies.inventory().policies);
    return {
      run: null,
      alert: nameOf(about),
      plan: null,
      then: 'Prometheus has a rule of that name, which does not hold now, and no run of it is kept.',
      guards: [],
      now:
        policy === undefined
          ? reasonTexts.no_policy
          : `The policy ${policy.name} answers it: ${policy.mode}.`,
    };
  } catch (error) {
    return `no run of that name is known, and Prometheus cannot be asked for an alert of it: ${messageOf(error)}`;
  }
}

async function explainUndelivered(
  labels: Run['alert']['labels'],
  dependencies: DecideDependencies,
): Promise<Explanation> {
  return {
    run: null,
    alert: nameOf(labels),
    plan: null,
    then: 'Prometheus sees it now, and no run of it is kept: Alertmanager has not delivered it. Where that stays so, look there for a silence, for an alert that inhibits it, and for the route to Steward.',
    guards: [],
    now: await explainNow(notYetRun(labels), dependencies),
  };
}

/** The labels of the first series that a rule holds for now, about a target where that is said. */
async function labelsNow(
  rules: readonly AlertingRule[],
  instance: unknown,
  prometheus: Pick<PrometheusClient, 'query'>,
): Promise<Run['alert']['labels'] | undefined> {
  for (const { name, query, labels } of rules) {
    for (const series of await prometheus.query(query)) {
      const alert = { ...series.labels, ...labels, alertname: name };
      if (instance === undefined || series.labels['instance'] === instance) return alert;
    }
  }
  return undefined;
}

/** The run that an alert would get. */
function notYetRun(labels: Run['alert']['labels']): Run {
  const now = new Date().toISOString();
  return {
    id: '',
    alert: { fingerprint: '', status: 'firing', labels, startsAt: now },
    attempt: 1,
    plan: undefined,
    state: 'waiting',
    outcome: undefined,
    reason: undefined,
    createdAt: now,
    actedAtMs: undefined,
    events: [],
  };
}
