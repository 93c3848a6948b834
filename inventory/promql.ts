import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode, Tree } from '@lezer/common';
import { SLOT_PATTERN } from './schema/values.ts';

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
    throw new PromqlError(`PromQL that parses; it does not at "${rest}"`, fault ?? 0);
  }
  return { text, tree };
}

/** A vector selector in a query. */
export interface VectorSelector {
  /** The selector as it stands in the query, without range or offset. */
  readonly text: string;
  /** Its metric; undefined where only labels select. */
  readonly metric: string | undefined;
  /** Whether it reads a range, as in `rate(x[5m])`. */
  readonly isRange: boolean;
}

/** Lists the vector selectors of a query, in their order. */
export function vectorSelectors({ text, tree }: ParsedPromql): VectorSelector[] {
  return nodes(tree, 'VectorSelector').map((node) => {
    const name = node.getChild('Identifier');
    return {
      text: text.slice(node.from, node.to),
      metric: name === null ? undefined : text.slice(name.from, name.to),
      isRange: node.parent?.name === 'MatrixSelector',
    };
  });
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

const VARIABLE = /\$([A-Za-z_][A-Za-z0-9_]*)/g;

/** Lists the variables that a query names, such as `target` for `$target`. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[1] ?? ''))];
}

/**
 * Puts values in the place of `$target`, `$host` and the names of parameters. Values are plain words, so that none can
 * end the string it stands in. Throws a TypeError where one is not, or a variable has no value.
 */
export function substituteVariables(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (_whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new TypeError(`$${name} has no value`);
    if (!SLOT_PATTERN.test(value)) throw new TypeError(`the value of $${name} is not a plain word`);
    return value;
  });
}
