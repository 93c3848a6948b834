import type { SyntaxNode } from '@lezer/common';
import { nodes, parsePromql, PromqlError, vectorSelectors, type ParsedPromql } from './promql.ts';
import { verificationFault } from './verification.ts';

/** The opposite of each comparison, by the name that the grammar gives it. */
const OPPOSITES: Readonly<Record<string, string>> = {
  Eql: '!=',
  Neq: '==',
  Gtr: '<=',
  Lss: '>=',
  Gte: '<',
  Lte: '>',
};
const SETS = ['And', 'Or', 'Unless'];
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A query that proves that a rule's alert is over, or why none can be made of the rule. */
export type NegatedRule = { readonly query: string } | { readonly fault: string };

/**
 * Turns the one comparison of an alerting rule around, for the series with these labels alone: `a > 0` becomes `a{instance="x"} <= 0`. A rule that reads a
 * range, `ALERTS` or absence, or that combines several conditions, has no such opposite.
 */
export function negateRule(rule: string, labels: Readonly<Record<string, string>>): NegatedRule {
  const parsed = parse(rule);
  if (parsed === undefined) return { fault: 'cannot be read' };
  const operator = comparisonOf(parsed);
  if (operator === undefined) return { fault: 'is not one comparison with a value' };
  // What a range holds was in part measured before the fix.
  if (vectorSelectors(parsed).some(({ isRange }) => isRange)) return { fault: 'reads a range' };
  const query = edited(parsed, [
    { at: operator.node, text: OPPOSITES[operator.node.name] ?? '' },
    ...nodes(parsed.tree, 'VectorSelector').map((selector) => withLabels(selector, parsed.text, labels)),
  ]);
  const fault = verificationFault(query);
  return fault === undefined ? { query } : { fault: `would have to be ${fault}` };
}

function parse(rule: string): ParsedPromql | undefined {
  try {
    return parsePromql(rule);
  } catch (error) {
    if (error instanceof PromqlError) return undefined;
    throw error;
  }
}

/** The operator of the comparison that is the whole of the rule. */
function comparisonOf({ tree }: ParsedPromql): { readonly node: SyntaxNode } | undefined {
  const comparisons = Object.keys(OPPOSITES).flatMap((name) => nodes(tree, name));
  if (comparisons.length !== 1 || SETS.some((name) => nodes(tree, name).length > 0)) return undefined;
  const [node] = comparisons;
  let top = tree.topNode.firstChild;
  while (top?.name === 'ParenExpr') top = top.firstChild;
  return node?.parent?.name === 'BinaryExpr' && top?.from === node.parent.from && top.to === node.parent.to
    ? { node }
    : undefined;
}

/** A part of a text, and what is to stand there. */
interface Edit {
  readonly at: { readonly from: number; readonly to: number };
  readonly text: string;
}

function withLabels(selector: SyntaxNode, text: string, labels: Readonly<Record<string, string>>): Edit {
  const matchers = Object.entries(labels)
    .filter(([name]) => LABEL_NAME.test(name) && name !== '__name__')
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
  const braces = selector.getChild('LabelMatchers');
  if (braces === null) return { at: { from: selector.to, to: selector.to }, text: `{${matchers}}` };
  const isEmpty = text.slice(braces.from + 1, braces.to - 1).trim() === '';
  return { at: { from: braces.from + 1, to: braces.from + 1 }, text: isEmpty ? matchers : `${matchers},` };
}

function edited({ text }: ParsedPromql, edits: readonly Edit[]): string {
  let result = text;
  for (const { at, text: replacement } of edits.toSorted((one, other) => other.at.from - one.at.from)) {
    result = result.slice(0, at.from) + replacement + result.slice(at.to);
  }
  return result;
}
