import { nodes, parsePromql } from '../../../inventory/promql/promql.ts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** How far back a query looks at what its selectors select, in seconds: ranges, subqueries and offsets around a selector add up. */
export function lookbacks(expr: string): Map<string, number> {
  const parsed = parsePromql(expr);
  const found = new Map<string, number>();
  for (const selector of nodes(parsed.tree, 'VectorSelector')) {
    let seconds = 0;
    for (let node = selector.parent; node !== null; node = node.parent) {
      if (!['MatrixSelector', 'SubqueryExpr', 'OffsetExpr'].includes(node.name)) continue;
      const inner = node.firstChild?.to ?? node.from;
      const own = /(\d+)([smhdw])/.exec(expr.slice(inner, node.to));
      seconds += Number(own?.[1] ?? 0) * (SECONDS[own?.[2] ?? 's'] ?? 0);
    }
    const text = expr.slice(selector.from, selector.to);
    found.set(text, Math.max(found.get(text) ?? 0, seconds));
  }
  return found;
}
