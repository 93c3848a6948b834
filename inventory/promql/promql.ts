import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode, Tree } from '@lezer/common';
import { SLOT_PATTERN } from '../schema/values.ts';

/** A PromQL text with its syntax tree. */
export interface ParsedPromql {
  readonly text: string;
  readonly tree: Tree;
}

/** PromQL that cannot be read. `offset` is where, counted from 0. */
export class PromqlError extends Error {
  override readonly name = 'PromqlError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Reads PromQL. Throws a PromqlError where it has a fault. The grammar takes some texts that Prometheus refuses. */
export function parsePromql(text: string): ParsedPromql {
  const tree = parser.parse(text);
  let fault: number | undefined;
  tree.iterate({
    enter(node) {
      if (node.type.isError) fault ??= node.from;
    },
  });
  if (fault !== undefined || text.trim() === '') {
    const rest = text.slice(fault ?? 0, (fault ?? 0) + 20);
    const where = rest === '' ? 'it ends too early' : `it does not at "${rest}"`;
    throw new PromqlError(`PromQL that parses; ${where}`, fault ?? 0);
  }
  return { text, tree };
}

/** A vector selector in a query. */
export interface VectorSelector {
  /** The selector as it stands in the query, without range or offset. */
  readonly text: string;
  /** Its metric; undefined where none is named plainly. */
  readonly metric: string | undefined;
  /** Whether it reads a range, as in `rate(x[5m])` or in a subquery. */
  readonly isRange: boolean;
}

/** Lists the vector selectors of a query, in their order. */
export function vectorSelectors({ text, tree }: ParsedPromql): VectorSelector[] {
  return nodes(tree, 'VectorSelector').map((node) => ({
    text: text.slice(node.from, node.to),
    metric: metricOf(node, text),
    isRange: isOverRange(node),
  }));
}

/** The metric's name stands before the braces, in them as `"name"`, or in them as `__name__="name"`. */
function metricOf(selector: SyntaxNode, text: string): string | undefined {
  const name = selector.getChild('Identifier');
  if (name !== null) return text.slice(name.from, name.to);
  const inBraces = selector.getChild('LabelMatchers');
  const quoted = inBraces?.getChild('QuotedLabelName')?.getChild('StringLiteral');
  if (quoted !== null && quoted !== undefined) return plainStringOf(quoted, text);
  const matcher = inBraces?.getChildren('UnquotedLabelMatcher').find((node) => {
    const label = node.getChild('LabelName');
    return (
      label !== null && text.slice(label.from, label.to) === '__name__' && operatorOf(node) === 'EqlSingle'
    );
  });
  const value = matcher?.getChild('StringLiteral');
  return value === null || value === undefined ? undefined : plainStringOf(value, text);
}

function isOverRange(selector: SyntaxNode): boolean {
  for (let node = selector.parent; node !== null; node = node.parent) {
    if (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr') return true;
  }
  return false;
}

function operatorOf(matcher: SyntaxNode): string | undefined {
  return matcher.getChild('MatchOp')?.firstChild?.name;
}

/** What stands between the quotes; undefined where an escape makes it stand for something else. */
function plainStringOf(literal: SyntaxNode, text: string): string | undefined {
  const inner = text.slice(literal.from + 1, literal.to - 1);
  return inner.includes('\\') ? undefined : inner;
}

/** Returns the nodes of a kind, in their order. */
export function nodes(tree: Tree, kind: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  tree.iterate({
    enter(node) {
      if (node.name === kind) found.push(node.node);
    },
  });
  return found;
}

const VARIABLE = /^\$([A-Za-z_][A-Za-z0-9_]*)$/;

/** A place in a query where a variable such as `$target` stands for a value: the whole of a quoted text. */
interface VariablePlace {
  readonly name: string;
  readonly literal: SyntaxNode;
}

function variablePlaces({ text, tree }: ParsedPromql): VariablePlace[] {
  return nodes(tree, 'StringLiteral').flatMap((literal) => {
    const name = VARIABLE.exec(text.slice(literal.from + 1, literal.to - 1))?.[1];
    return name === undefined ? [] : [{ name, literal }];
  });
}

/** Lists the variables that a query names, such as `target` for `$target`. Throws a PromqlError where it cannot be read. */
export function variablesOf(text: string): string[] {
  return [...new Set(variablePlaces(parsePromql(text)).map(({ name }) => name))];
}

/**
 * Returns a quoted text of a query that names a variable where none is put in: beside other characters, or where it would be
 * read as a regular expression, in which the dot of a name such as php8.2-fpm matches anything.
 */
export function misplacedVariable({ text, tree }: ParsedPromql): string | undefined {
  const misplaced = nodes(tree, 'StringLiteral').find((literal) => {
    const inner = text.slice(literal.from + 1, literal.to - 1);
    if (!/\$[A-Za-z_]/.test(inner)) return false;
    const operator = literal.parent === null ? undefined : operatorOf(literal.parent);
    return !VARIABLE.test(inner) || (operator !== 'EqlSingle' && operator !== 'Neq');
  });
  return misplaced === undefined ? undefined : text.slice(misplaced.from, misplaced.to);
}

/**
 * Puts values in the place of `"$target"`, `"$host"` and the quoted names of parameters. Values are plain words, so that
 * none can end the quotes it stands in. Throws a TypeError where one is not, or a variable has no value.
 */
export function substituteVariables(text: string, values: Readonly<Record<string, string>>): string {
  let result = '';
  let end = 0;
  for (const { name, literal } of variablePlaces(parsePromql(text))) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new TypeError(`$${name} has no value`);
    if (!SLOT_PATTERN.test(value)) throw new TypeError(`the value of $${name} is not a plain word`);
    result += `${text.slice(end, literal.from)}"${value}"`;
    end = literal.to;
  }
  return result + text.slice(end);
}
