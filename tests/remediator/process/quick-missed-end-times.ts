import type { MissedEndTimes } from '../../../remediator/alerts/missed-end-times.ts';

/** In the place of the product's own: what was not delivered for a second is asked about. */
export const missedEndTimes: MissedEndTimes = { unseenMs: 1000, everyMs: 200 };
