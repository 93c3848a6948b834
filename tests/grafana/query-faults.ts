import { nodes, parsePromql, vectorSelectors } from '../../inventory/promql/promql.ts';
import { testInterval, withInterval } from './dashboard-files.ts';

const rates = ['rate', 'irate', 'increase'];

/** The selectors of a query that lack a matcher, such as `job=~"$job"`. */
export function selectorsWithout(matcher: string, expr: string): string[] {
  return vectorSelectors(parsePromql(withInterval(expr)))
    .map(({ text }) => text)
    .filter((text) => !text.replaceAll(' ', '').includes(matcher));
}

/** The rates of a query over another range than $__rate_interval. */
export function ratesOverOtherRanges(expr: string): string[] {
  return callsOf(expr, rates).filter((call) => !call.includes(`[${testInterval}]`));
}

/** The counters of a query of which no rate or increase is taken. */
export function bareCounters(expr: string): string[] {
  const parsed = parsePromql(withInterval(expr));
  return nodes(parsed.tree, 'VectorSelector')
    .filter((selector) => {
      const name = parsed.text.slice(selector.from, selector.to).split('{')[0] ?? '';
      if (!/_(total|bucket|sum|count)$/.test(name)) return false;
      for (let node = selector.parent; node !== null; node = node.parent) {
        if (node.name === 'FunctionCall' && rates.includes(functionName(parsed.text, node.from)))
          return false;
      }
      return true;
    })
    .map(({ from, to }) => parsed.text.slice(from, to));
}

function callsOf(expr: string, functions: readonly string[]): string[] {
  const { text, tree } = parsePromql(withInterval(expr));
  return nodes(tree, 'FunctionCall')
    .filter(({ from }) => functions.includes(functionName(text, from)))
    .map(({ from, to }) => text.slice(from, to));
}

function functionName(text: string, from: number): string {
  return /^\w+/.exec(text.slice(from))?.[0] ?? '';
}
