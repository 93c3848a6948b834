import { nodes, parsePromql, vectorSelectors } from '../../inventory/promql/promql.ts';
import { testInterval, withInterval } from './dashboard-files.ts';

/** The selectors of a query that lack a matcher, such as `job=~"$job"`. */
export function selectorsWithout(matcher: string, expr: string): string[] {
  return vectorSelectors(parsePromql(withInterval(expr)))
    .map(({ text }) => text)
    .filter((text) => !text.replaceAll(' ', '').includes(matcher));
}

/** The rates of a query over another range than $__rate_interval. */
export function ratesOverOtherRanges(expr: string): string[] {
  const { text, tree } = parsePromql(withInterval(expr));
  return nodes(tree, 'FunctionCall')
    .filter(({ from }) => isRate(text, from))
    .map(({ from, to }) => text.slice(from, to))
    .filter((call) => !call.endsWith(`[${testInterval}])`));
}

/** The counters of a query of which no rate or increase is taken before anything else is done to them. */
export function bareCounters(expr: string): string[] {
  const { text, tree } = parsePromql(withInterval(expr));
  return nodes(tree, 'VectorSelector')
    .filter((selector) => {
      const name = text.slice(selector.from, selector.to).split('{')[0] ?? '';
      if (!/_(total|bucket|sum|count)$/.test(name)) return false;
      const range = selector.parent;
      const call = range?.parent?.parent;
      return !(range?.name === 'MatrixSelector' && call && isRate(text, call.from));
    })
    .map(({ from, to }) => text.slice(from, to));
}

function isRate(text: string, from: number): boolean {
  return /^(?:rate|irate|increase)\b/.test(text.slice(from));
}
