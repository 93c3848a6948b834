/**
 * Makes a reading that is kept for a while, so that many who ask at once have it read once. A reading that failed is not kept: the next who asks has it
 * tried again.
 */
export function keptFor<Value>(
  milliseconds: number,
  read: () => Promise<Value>,
  now: () => number = () => performance.now(),
): () => Promise<Value> {
  let kept: { readonly value: Promise<Value>; readonly untilMs: number } | undefined;
  return () => {
    if (kept !== undefined && now() < kept.untilMs) return kept.value;
    const reading = { value: read(), untilMs: now() + milliseconds };
    kept = reading;
    reading.value.catch(() => {
      if (kept === reading) kept = undefined;
    });
    return reading.value;
  };
}
