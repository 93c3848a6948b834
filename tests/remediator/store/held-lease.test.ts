import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { HeldLease, momentNow } from '../../../remediator/store/held-lease.ts';
import { leaseTimes } from '../../../remediator/store/lease-times.ts';

const SURE_MS = leaseTimes.leaseMs - leaseTimes.marginMs;
let lease: HeldLease;
beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-03-01T00:00:00Z') });
  lease = new HeldLease('r1', 1, momentNow(), leaseTimes);
});
afterEach(() => {
  lease.end();
  jest.useRealTimers();
});

describe('a lease', () => {
  test('is held until somewhat before the database gives it away, and then aborts what stands on it', () => {
    jest.advanceTimersByTime(SURE_MS - 1);
    expect(lease.isHeld()).toBe(true);
    jest.advanceTimersByTime(1);
    expect(lease.isHeld()).toBe(false);
    expect(lease.signal.aborted).toBe(true);
  });

  test('is not held after the clock of the machine went on, as after a sleep, whatever its timer says', () => {
    jest.setSystemTime(Date.now() + SURE_MS);
    expect(lease.isHeld()).toBe(false);
  });

  test('lasts no longer where the clock is set back', () => {
    jest.setSystemTime(Date.now() - 3_600_000);
    jest.advanceTimersByTime(SURE_MS);
    expect(lease.isHeld()).toBe(false);
    expect(lease.signal.aborted).toBe(true);
  });

  test('that is renewed counts from the moment before the database was asked', () => {
    const asked = momentNow();
    jest.advanceTimersByTime(SURE_MS - 1);
    lease.prolong(asked);
    jest.advanceTimersByTime(1);
    expect(lease.isHeld()).toBe(false);
  });

  test('that was lost is not had again by a renewal that came late', () => {
    jest.advanceTimersByTime(SURE_MS);
    lease.prolong(momentNow());
    expect(lease.isHeld()).toBe(false);
  });
});
