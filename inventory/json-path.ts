/** One step into a JSON value: a key of an object, the place of an element (from the end where it is negative), or all of them. */
export type JsonPathStep =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' };

const STEP = /^(?:\.?([A-Za-z_][\w-]*)|\[(-?\d{1,6})\]|\["([^"\u0000-\u001f]{1,200})"\]|(\[\*\]))/;
const MAX_STEPS = 20;

/**
 * Reads a path such as `data.positions[*].profit`, `history[-1]["total value"]` or `$.up`: keys, places, and `[*]` for all elements of a list or
 * all values of an object. It is a small part of JSONPath (RFC 9535). Returns undefined where it is no path.
 */
export function parseJsonPath(text: string): readonly JsonPathStep[] | undefined {
  if (!/^(?:[A-Za-z_[]|\$(?:$|[.[]))/.test(text)) return undefined;
  const steps: JsonPathStep[] = [];
  for (let rest = text.replace(/^\$/, ''); rest !== '';) {
    const match = STEP.exec(rest);
    // A key without a dot before it can only be the first step.
    if (match === null || steps.length === MAX_STEPS || (steps.length > 0 && /^\w/.test(rest)))
      return undefined;
    steps.push(stepOf(match));
    rest = rest.slice(match[0].length);
  }
  return steps;
}

function stepOf([, bare, place, quoted]: RegExpExecArray): JsonPathStep {
  const key = bare ?? quoted;
  if (key !== undefined) return { kind: 'key', key };
  return place === undefined ? { kind: 'all' } : { kind: 'index', index: Number(place) };
}

/** The values that a path leads to: one at most, but where it has `[*]`. Nothing that an object inherits is found. */
export function valuesAt(value: unknown, [step, ...rest]: readonly JsonPathStep[]): readonly unknown[] {
  if (step === undefined) return [value];
  return nextValues(value, step).flatMap((next) => valuesAt(next, rest));
}

function nextValues(value: unknown, step: JsonPathStep): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step.kind === 'all') return Object.values(value);
  if (step.kind === 'index') return Array.isArray(value) ? value.slice(step.index).slice(0, 1) : [];
  return !Array.isArray(value) && Object.hasOwn(value, step.key)
    ? [(value as Record<string, unknown>)[step.key]]
    : [];
}
