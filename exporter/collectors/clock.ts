import type { ClockReading } from '../clients/host-facts.ts';
import { NoDataError, type Collector } from '../collector.ts';
import { CollectorError } from '../collector-error.ts';
import { gauge, sample, type Sample } from '../metrics/metric.ts';
import type { HostTarget } from '../targets/target.ts';

const difference = gauge(
  'host_clock_difference_seconds',
  'How far the clock of the host is ahead of the exporter’s, in seconds; behind where negative.',
);
const error = gauge(
  'host_clock_difference_error_seconds',
  'How far host_clock_difference_seconds can be off in both directions: half of the round trip, in seconds.',
);

/** The clock of a host against the exporter's. The exporter's own machine has one clock, and nothing to compare. */
export const clock: Collector<HostTarget> = {
  name: 'clock',
  metrics: [difference, error],
  async collect({ facts }, signal) {
    const reading = (await facts(signal)).clock;
    if (reading === undefined) throw new NoDataError('the exporter’s own machine has the same clock');
    return parseClock(reading);
  },
};

/** The host read its clock somewhere between the question and the answer; the middle is off by half of that at most. */
export function parseClock({ text, askedAt, answeredAt }: ClockReading): Sample[] {
  if (!/^\d{1,12}\.\d{1,9}\s*$/.test(text)) {
    throw new CollectorError('bad_answer', 'the host does not say its time as seconds and nanoseconds');
  }
  const middle = (askedAt + answeredAt) / 2;
  return [sample(difference, Number(text) - middle / 1000), sample(error, (answeredAt - askedAt) / 2000)];
}
