import type { Alert } from '../alerts/alert.ts';

/** What a delivery is compared with: the newest run of its alert, as its row has it. */
export interface NewestRun {
  readonly id: string;
  readonly starts_at: string;
  readonly attempt: number;
  readonly alert_status: Alert['status'];
  /** When a delivery last said so. */
  readonly seen_at: string;
  /** Whether the episode of the delivery is known, be it this one or an earlier. */
  readonly is_known: boolean | number;
}

/** What a delivery says of an alert. */
export type Word = 'begins' | 'goes_on' | 'ends' | 'is_back' | 'nothing_new';

/** That an alert goes on is written down no more often: a storm must cost no writes. */
const SEEN_EVERY_MS = 60_000;

/** So long after the end of an alert a delivery may say that it fires because it was late. */
const LATE_MS = 2 * 60_000;

/**
 * Says what a delivery is to the newest episode of its alert. One that began no later belongs to that: of two Prometheus servers that watch the same, each has
 * its own start of an alert, and Alertmanager passes on the one or the other. One that fires long after its end is back: an alert that Prometheus could
 * not tell of for a while ends, and goes on with the start that it had.
 */
export function wordOf({ status, startsAt }: Alert, newest: NewestRun | undefined, at: string): Word {
  if (newest === undefined || newest.starts_at < startsAt) return 'begins';
  const sinceMs = Date.parse(at) - Date.parse(newest.seen_at);
  if (newest.alert_status === 'resolved')
    return status === 'firing' && sinceMs > LATE_MS ? 'is_back' : 'nothing_new';
  if (status === 'firing') return sinceMs >= SEEN_EVERY_MS ? 'goes_on' : 'nothing_new';
  // The end of an earlier episode that comes late is not that of this one.
  const isOfEarlier = newest.starts_at > startsAt && Boolean(newest.is_known);
  return isOfEarlier ? 'nothing_new' : 'ends';
}
