import { parser } from '@prometheus-io/lezer-promql';
import { recordingRules } from '../rules/rule-files.ts';

/** The metrics that a query asks for. */
export function metricNames(expr: string): string[] {
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, node, from, to }) => {
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') names.push(expr.slice(from, to));
    },
  });
  return names;
}

/** The metrics of a query, and those that the recorded ones among them are made of. */
export function metricsBehind(expr: string, found = new Set<string>()): ReadonlySet<string> {
  for (const name of metricNames(expr).filter((each) => !found.has(each))) {
    found.add(name);
    for (const rule of recordingRules.filter(({ record }) => record === name))
      metricsBehind(rule.expr, found);
  }
  return found;
}
