import type { SyntaxNode } from '@lezer/common';
import {
  misplacedVariable,
  nodes,
  parsePromql,
  PromqlError,
  vectorSelectors,
  type ParsedPromql,
} from './promql.ts';

/** The metrics that Prometheus makes of alerts: `for` and `keep_firing_for` make them late in both directions. */
const ALERT_METRICS: ReadonlySet<string | undefined> = new Set(['ALERTS', 'ALERTS_FOR_STATE']);
const COMPARISONS = ['Eql', 'Neq', 'Gtr', 'Lss', 'Gte', 'Lte'];

/**
 * Says what is wrong with a query that is to prove a fix, or undefined where nothing is. A proof is a comparison over fresh
 * samples that is empty unless the fix has worked.
 */
export function verificationFault(query: string): string | undefined {
  return faultOf(
    query,
    (parsed) =>
      absenceFault(parsed) ??
      unlessFault(parsed) ??
      alertFault(parsed) ??
      comparisonFault(parsed) ??
      pastFault(parsed) ??
      variableFault(parsed),
  );
}

/** Says what is wrong with a guard, or undefined where nothing is. */
export function guardFault(query: string): string | undefined {
  return faultOf(query, (parsed) => absenceFault(parsed) ?? comparisonFault(parsed) ?? variableFault(parsed));
}

/**
 * Says what is wrong with a query that is to put a freeze on, or undefined where nothing is. What it reads must always be there, since without it the freeze is
 * on.
 */
export function freezeFault(query: string): string | undefined {
  return faultOf(query, (parsed) => absenceFault(parsed) ?? alertFault(parsed) ?? comparisonFault(parsed));
}

function faultOf(query: string, check: (parsed: ParsedPromql) => string | undefined): string | undefined {
  try {
    return check(parsePromql(query));
  } catch (error) {
    if (error instanceof PromqlError) return error.message;
    throw error;
  }
}

function absenceFault(parsed: ParsedPromql): string | undefined {
  const functions = nodes(parsed.tree, 'FunctionIdentifier').map((node) =>
    parsed.text.slice(node.from, node.to),
  );
  if (functions.some((name) => /^absent(_over_time)?$/.test(name))) {
    return 'a comparison with a value: nothing is concluded from absence';
  }
  if (functions.includes('vector')) return 'no vector(): it has a value even when nothing was measured';
  return undefined;
}

function unlessFault({ tree }: ParsedPromql): string | undefined {
  return nodes(tree, 'Unless').length === 0
    ? undefined
    : 'a comparison without `unless`: nothing is concluded from absence';
}

function alertFault(parsed: ParsedPromql): string | undefined {
  const metrics = vectorSelectors(parsed).map(({ metric }) => metric);
  if (metrics.includes(undefined))
    return 'the name of a metric in each selector, so that its age can be asked';
  return metrics.some((metric) => ALERT_METRICS.has(metric))
    ? 'the metric itself and not ALERTS, which is late'
    : undefined;
}

/** What was measured before the fix proves nothing. */
function pastFault(parsed: ParsedPromql): string | undefined {
  if (nodes(parsed.tree, 'OffsetExpr').length + nodes(parsed.tree, 'StepInvariantExpr').length > 0) {
    return 'no `offset` and no `@`: what was measured before the fix proves nothing';
  }
  return vectorSelectors(parsed).every(({ isRange }) => isRange)
    ? 'a metric as it is now, not only over a range that began before the fix'
    : undefined;
}

function variableFault(parsed: ParsedPromql): string | undefined {
  const misplaced = misplacedVariable(parsed);
  return misplaced === undefined
    ? undefined
    : `a variable as the whole of a value after = or !=, such as instance="$target", where ${misplaced} stands`;
}

function comparisonFault(parsed: ParsedPromql): string | undefined {
  if (nodes(parsed.tree, 'BoolModifier').length > 0) {
    return 'a comparison without `bool`, which has a value whether it holds or not';
  }
  if (vectorSelectors(parsed).length === 0) return 'a query that reads at least one metric';
  const top = parsed.tree.topNode.firstChild;
  if (top === null || !isComparison(top)) {
    return 'a comparison such as `probe_success{instance="$target"} == 1`, which is empty when it does not hold';
  }
  return undefined;
}

function isComparison(expression: SyntaxNode): boolean {
  const node = withoutParentheses(expression);
  if (node.name !== 'BinaryExpr') return false;
  const { firstChild: left, lastChild: right } = node;
  if (left === null || right === null) return false;
  if (node.getChild('And') !== null) return isComparison(left) && isComparison(right);
  if (node.getChild('Unless') !== null) return isComparison(left);
  return COMPARISONS.some((operator) => node.getChild(operator) !== null);
}

function withoutParentheses(expression: SyntaxNode): SyntaxNode {
  let node = expression;
  while (node.name === 'ParenExpr' && node.firstChild !== null) node = node.firstChild;
  return node;
}
