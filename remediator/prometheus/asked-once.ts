import type { PrometheusClient } from './prometheus-client.ts';

/** Makes a client that asks for each thing once, and gives the same answer to all who ask: for a thousand alerts of one rule, at one moment. */
export function askedOnce(prometheus: PrometheusClient): Pick<PrometheusClient, 'query' | 'alertingRules'> {
  const answers = new Map<string, ReturnType<PrometheusClient['query']>>();
  let rules: ReturnType<PrometheusClient['alertingRules']> | undefined;
  return {
    query(promql) {
      const answer = answers.get(promql) ?? prometheus.query(promql);
      answers.set(promql, answer);
      return answer;
    },
    alertingRules: () => (rules ??= prometheus.alertingRules()),
  };
}
