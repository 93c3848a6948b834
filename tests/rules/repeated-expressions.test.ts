import { expect, test } from '@jest/globals';
import { nodes, parsePromql, vectorSelectors } from '../../inventory/promql/promql.ts';
import { alertRules, recordingRules } from './rule-files.ts';

/** The parts of an expression that are work: they combine series, or read a range of one. A series beside a number is none. */
function workOf(expr: string): string[] {
  const { tree, text } = parsePromql(expr);
  return ['BinaryExpr', 'AggregateExpr', 'FunctionCall']
    .flatMap((kind) => nodes(tree, kind))
    .map((part) => text.slice(part.from, part.to).replaceAll(/\s+/g, ' '))
    .filter((part) => {
      const read = vectorSelectors(parsePromql(part));
      return read.length > 1 || read.some(({ isRange }) => isRange);
    });
}

/** The parts that stand in more than one of the expressions. */
function repeated(expressions: readonly string[]): string[] {
  const all = expressions.flatMap((expr) => [...new Set(workOf(expr))]);
  return [...new Set(all.filter((part, at) => all.indexOf(part) !== at))];
}

test('what two rules work out is recorded by a rule of its own', () => {
  expect(repeated([...alertRules, ...recordingRules].map(({ expr }) => expr))).toEqual([]);
});

test('a part that is repeated is found, whatever stands around it', () => {
  const expressions = ['(a or b) == 0', 'sum(a  or b)', 'rate(c[5m]) > 1', 'rate(c[5m])', 'd == 0', 'd == 0'];
  expect(repeated(expressions)).toEqual(['a or b', 'rate(c[5m])']);
});
