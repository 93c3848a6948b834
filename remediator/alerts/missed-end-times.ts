/** When an alert that nobody tells of any more is asked about, in milliseconds. */
export interface MissedEndTimes {
  /** So long it was not delivered: many times as long as the remediator's route takes to repeat what fires. */
  readonly unseenMs: number;
  readonly everyMs: number;
}

/** The times of the product. */
export const missedEndTimes: MissedEndTimes = { unseenMs: 15 * 60_000, everyMs: 60_000 };
