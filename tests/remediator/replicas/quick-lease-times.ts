import type { LeaseTimes } from '../../../remediator/store/lease-times.ts';

/** In the place of the product's own, ten times as quick. */
export const leaseTimes: LeaseTimes = {
  leaseMs: 3000,
  renewMs: 800,
  marginMs: 500,
  firstLookMs: 1000,
  everyMs: 500,
};
