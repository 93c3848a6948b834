import { describe, expect, test } from '@jest/globals';
import { deadlineMs, isRunningTooLong } from '../../../exporter/jobs/job-schedule.ts';
import { newJobRecord } from '../../../exporter/jobs/job-record.ts';
import { jobSchema } from '../../../inventory/schema/job.ts';

const at = (time: string) => Date.parse(time);

/** By when a job must succeed after a success at a time. */
function deadlineAfter(entry: object, success: string): string {
  const record = { ...newJobRecord(0), lastSuccessMs: at(success) };
  return new Date(deadlineMs(jobSchema.parse(entry), record) ?? Number.NaN).toISOString();
}

describe('the deadline of a job', () => {
  test('is an interval and the grace after the last success', () => {
    expect(deadlineAfter({ every: '24h', grace: '2h' }, '2026-01-01T00:00:00Z')).toBe(
      '2026-01-02T02:00:00.000Z',
    );
  });

  test('counts from when the job was first seen where it never succeeded', () => {
    expect(deadlineMs(jobSchema.parse({ every: '1h' }), newJobRecord(5))).toBe(3_600_005);
    const nightly = jobSchema.parse({ cron: '@daily', grace: '1h' });
    expect(deadlineMs(nightly, newJobRecord(at('2026-01-01T12:00:00Z')))).toBe(at('2026-01-02T01:00:00Z'));
  });

  test.each([
    ['each day', '0 3 * * *', '2026-06-01T01:00:10Z', '2026-06-02T01:00:00.000Z'],
    [
      'a little before it was due, by a clock that is ahead',
      '0 3 * * *',
      '2026-06-01T00:59:50Z',
      '2026-06-02T01:00:00.000Z',
    ],
    ['long before it was due', '0 3 * * *', '2026-06-01T00:00:00Z', '2026-06-01T01:00:00.000Z'],
    [
      'the day on which the clock goes forward over it',
      '30 2 * * *',
      '2026-03-28T01:30:10Z',
      '2026-03-29T01:30:00.000Z',
    ],
    ['the day after that', '30 2 * * *', '2026-03-29T01:30:10Z', '2026-03-30T00:30:00.000Z'],
    [
      'the day on which the clock goes back over it',
      '30 2 * * *',
      '2026-10-24T00:30:10Z',
      '2026-10-25T00:30:00.000Z',
    ],
    [
      'no second time in the hour that comes twice',
      '30 2 * * *',
      '2026-10-25T00:30:10Z',
      '2026-10-26T01:30:00.000Z',
    ],
    ['a day of 23 hours', '0 12 * * *', '2026-03-28T11:00:10Z', '2026-03-29T10:00:00.000Z'],
    ['a day of 25 hours', '0 12 * * *', '2026-10-24T10:00:10Z', '2026-10-25T11:00:00.000Z'],
    ['a leap day', '0 0 29 2 *', '2024-02-28T23:00:10Z', '2028-02-28T23:00:00.000Z'],
  ])('by a cron expression in Berlin: %s', (_name, cron, success, deadline) => {
    expect(deadlineAfter({ cron, timezone: 'Europe/Berlin' }, success)).toBe(deadline);
  });
});

test('a run is too long after its max_duration, and never without one', () => {
  const record = { ...newJobRecord(0), running: [{ id: '', startMs: 0 }] };
  const entry = jobSchema.parse({ every: '1h', max_duration: '1m' });
  expect([60_000, 60_001].map((now) => isRunningTooLong(entry, record, now))).toEqual([false, true]);
  expect(isRunningTooLong(jobSchema.parse({ every: '1h' }), record, 1e12)).toBe(false);
});

test.each([
  [{}, 'every'],
  [{ every: '1h', cron: '@daily' }, 'cron'],
  [{ every: '1h', timezone: 'UTC' }, 'timezone'],
  [{ every: '1h', stage: 'draft' }, 'pipeline'],
  [{ every: '1h', pipeline: 'articles' }, 'stage'],
  [{ cron: '* * * * * *' }, 'cron'],
  [{ cron: '61 * * * *' }, 'cron'],
  [{ cron: '2026-01-01T00:00:00' }, 'cron'],
  [{ cron: '0 0 31 2 *' }, 'cron'],
  [{ cron: '@reboot' }, 'cron'],
  [{ cron: '@daily', timezone: 'Europe/Nowhere' }, 'timezone'],
])('%j is refused', (entry, key) => {
  expect(jobSchema.safeParse(entry).error?.issues.map(({ path }) => path)).toEqual([[key]]);
});
