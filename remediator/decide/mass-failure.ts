/** Alerts that come together within this time count together. */
export const MASS_FAILURE_MS = 5 * 60_000;

/** On fewer hosts several things may well break by themselves. */
const HOSTS = 3;

/**
 * Whether so many hosts are in trouble at once that the cause is likely outside of them, such as a network or a deployment: what is wrong is
 * counted in hosts, since one host that fails has many alerts.
 */
export function isMassFailure(troubledHosts: readonly string[], host: string): boolean {
  return new Set([...troubledHosts, host]).size >= HOSTS;
}
