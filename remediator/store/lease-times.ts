/** How long leases last, in milliseconds. */
export interface LeaseTimes {
  /** So long without being renewed, by the database's clock: after that another replica may take the run over. */
  readonly leaseMs: number;
  /** How often it is renewed. */
  readonly renewMs: number;
  /** So much earlier its holder stops by itself: for clocks that run apart, and for what is on its way. */
  readonly marginMs: number;
  /** So long the replica that was to look at a run has it before others; it tries again sooner than that. */
  readonly firstLookMs: number;
  /** How often a replica looks for runs that were left. */
  readonly everyMs: number;
}

/** The times of the product. A lease outlasts two renewals that failed, and most changes of a database's primary. */
export const leaseTimes: LeaseTimes = {
  leaseMs: 30_000,
  renewMs: 8000,
  marginMs: 5000,
  firstLookMs: 10_000,
  everyMs: 10_000,
};
