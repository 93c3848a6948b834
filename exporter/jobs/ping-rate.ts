/** Pings of one job that may come at once. */
const BURST = 60;
/** After that, one comes through in this time. */
const REFILL_MS = 1000;

/** Says for each ping of a job whether it still comes at a sane rate; a loop that pings must not keep the disk busy. */
export function createPingRate(now: () => number = () => performance.now()): (id: string) => boolean {
  const buckets = new Map<string, { readonly left: number; readonly atMs: number }>();
  return (id) => {
    const { left, atMs } = buckets.get(id) ?? { left: BURST, atMs: now() };
    const filled = Math.min(BURST, left + (now() - atMs) / REFILL_MS);
    const isAllowed = filled >= 1;
    buckets.set(id, { left: isAllowed ? filled - 1 : filled, atMs: now() });
    return isAllowed;
  };
}
