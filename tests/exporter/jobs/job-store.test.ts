import { beforeEach, describe, expect, test } from '@jest/globals';
import { openJobStore, type JobStore } from '../../../exporter/jobs/job-store.ts';
import type { JobRecord, Ping } from '../../../exporter/jobs/job-record.ts';
import { deadlineMs } from '../../../exporter/jobs/job-schedule.ts';
import { jobSchema } from '../../../inventory/schema/job.ts';

const HOUR = 3_600_000;
let now: number;
let onDisk: Record<string, JobRecord> | undefined;
let writes: number;
let isFull: boolean;
let errors: unknown[];
let store: JobStore;

/** A disk that a test can fill; the real file has its own test. */
const file = {
  load: () => Promise.resolve(onDisk),
  save: async (value: Record<string, JobRecord>) => {
    await Promise.resolve();
    if (isFull) throw new Error('ENOSPC');
    writes += 1;
    onDisk = structuredClone(value);
  },
};
const open = () => openJobStore({ file, now: () => now, onError: (error) => errors.push(error) });
const ping = (action: Ping['action'], runId = '', rest: Partial<Ping> = {}): Ping => ({
  action,
  runId,
  ...rest,
});

beforeEach(async () => {
  now = 1000 * HOUR;
  onDisk = undefined;
  writes = 0;
  isFull = false;
  errors = [];
  store = await open();
});

describe('what jobs say', () => {
  test('is on the disk when add resolves', async () => {
    await store.add('a', ping('success'));
    expect(onDisk?.['a']).toMatchObject({ successes: 1, lastSuccessMs: now });
    expect((await open()).recordOf('a').successes).toBe(1);
  });

  test('goes to the disk together where it comes together', async () => {
    await Promise.all(Array.from({ length: 100 }, () => store.add('a', ping('success'))));
    expect(store.recordOf('a').successes).toBe(100);
    expect(writes).toBeLessThanOrEqual(2);
  });

  test('does not count where the disk is full, so that sending it again counts once', async () => {
    await store.add('a', ping('success'));
    isFull = true;
    await expect(store.add('a', ping('success'))).rejects.toThrow('ENOSPC');
    expect(store.recordOf('a').successes).toBe(1);
    isFull = false;
    await store.add('a', ping('success'));
    expect(store.recordOf('a').successes).toBe(2);
  });

  test('durations are of the run with the same id, in any order', async () => {
    await store.add('a', ping('start', 'one'));
    now += 1000;
    await store.add('a', ping('start', 'two'));
    now += 1000;
    await store.add('a', ping('success', 'one'));
    expect(store.recordOf('a').lastDurationMs).toBe(2000);
    await store.add('a', ping('failure', 'two', { exitCode: 3 }));
    expect(store.recordOf('a')).toMatchObject({ lastDurationMs: 1000, lastExitCode: 3, running: [] });
    await store.add('a', ping('success'));
    expect(store.recordOf('a')).not.toHaveProperty('lastDurationMs', expect.any(Number));
  });

  test('items add up, and what waits is as last said', async () => {
    await store.add('a', ping('success', '', { items: 5, waiting: 9 }));
    await store.add('a', ping('log', '', { items: 2 }));
    expect(store.recordOf('a')).toMatchObject({ items: 7, waiting: 9, successes: 1 });
  });

  test('runs that never end are bounded, and forgotten in time', async () => {
    for (let run = 0; run < 100; run += 1) await store.add('a', ping('start', `r${run}`));
    expect(store.recordOf('a').running).toHaveLength(32);
    now += 8 * 24 * HOUR;
    await store.add('a', ping('success'));
    expect(store.recordOf('a').running).toEqual([]);
  });
});

describe('time', () => {
  test('a job that never reports counts from when it was first seen, also over a restart and with a full disk', async () => {
    const first = now;
    isFull = true;
    store.recordOf('a');
    now += HOUR;
    expect(store.recordOf('a').firstSeenMs).toBe(first);
    await expect(store.add('b', ping('log'))).rejects.toThrow('ENOSPC');
    expect(errors).toHaveLength(1);
    isFull = false;
    await store.add('a', ping('log'));
    now += HOUR;
    expect((await open()).recordOf('a').firstSeenMs).toBe(first);
  });

  test('a clock that is set back hides no job that is late', async () => {
    await store.add('a', ping('start', 'x'));
    await store.add('a', ping('success'));
    now -= 500 * HOUR;
    const record = store.recordOf('a');
    expect(deadlineMs(jobSchema.parse({ every: '1h' }), record)).toBe(now + HOUR);
    expect(record.running[0]?.startMs).toBe(now);
    const setBackTo = now;
    now += 2 * HOUR;
    expect(store.recordOf('a').lastSuccessMs).toBe(setBackTo);
    await store.add('a', ping('failure', 'x'));
    expect(store.recordOf('a').lastDurationMs).toBe(2 * HOUR);
  });
});
