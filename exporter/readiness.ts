/** Says why a program is not ready yet; undefined where it is. */
export type Readiness = () => string | undefined;

/** A host that is down is not waited for: what is read of the others is worth a scrape. */
const PATIENCE_MS = 60_000;

/**
 * The exporter is ready when each background reading has been tried once, or a minute after its start. Once it was, it stays so: what a
 * reload adds is seen in steward_data_timestamp_seconds.
 */
export function createReadiness(
  untried: () => number,
  now: () => number = () => performance.now(),
): Readiness {
  const startedAtMs = now();
  let wasReady = false;
  return () => {
    const left = wasReady ? 0 : untried();
    wasReady ||= left === 0 || now() - startedAtMs >= PATIENCE_MS;
    return wasReady ? undefined : `${left} of the first readings are still to come`;
  };
}
