import { beforeEach, expect, test } from '@jest/globals';
import { liftSilenceOf, whileSilenced } from '../../../remediator/run/silenced.ts';
import type { Run } from '../../../remediator/run/run.ts';
import type { RunDependencies } from '../../../remediator/run/run-dependencies.ts';
import { makeAlert } from '../alerts.ts';

const alert = makeAlert();
const run = { id: 'r1', alert } as Run;
let calls: string[];
let noted: object[];
let id: string | undefined;
/** Resolves when a silence was set, and when one was lifted. */
let set: PromiseWithResolvers<undefined>;
let lifted: PromiseWithResolvers<undefined>;
const record = { note: (kind: string, data?: object) => void noted.push({ kind, ...data }) };
const silences: RunDependencies['silences'] = {
  set(labels, until, runId) {
    expect(labels).toEqual(alert.labels);
    expect(runId).toBe('r1');
    expect(until.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
    calls.push('set');
    set.resolve(undefined);
    return Promise.resolve(id);
  },
  lift(which, runId) {
    expect(runId).toBe('r1');
    calls.push(`lift ${which}`);
    lifted.resolve(undefined);
    return Promise.resolve();
  },
};
const times = { lastsMs: 60_000, afterMs: 0 };

beforeEach(() => {
  [calls, noted, id] = [[], [], 's1'];
  set = Promise.withResolvers();
  lifted = Promise.withResolvers();
});

test('what takes long is silenced, and the silence is lifted at its end', async () => {
  const result = await whileSilenced(run, times, record, { silences }, async () => {
    await set.promise;
    return 'done';
  });
  await lifted.promise;
  expect(result).toBe('done');
  expect(calls).toEqual(['set', 'lift s1']);
  expect(noted).toMatchObject([{ kind: 'silenced', silence: 's1' }]);
});

test('what fails is lifted, too', async () => {
  const failing = whileSilenced(run, times, record, { silences }, async () => {
    await set.promise;
    throw new Error('the journal failed');
  });
  await expect(failing).rejects.toThrow('the journal failed');
  await lifted.promise;
  expect(calls).toEqual(['set', 'lift s1']);
});

test('what is over soon is not silenced', async () => {
  await whileSilenced(run, { lastsMs: 60_000 }, record, { silences }, () => Promise.resolve());
  expect(calls).toEqual([]);
});

test('a silence that could not be set holds nothing up, and leaves nothing to lift', async () => {
  id = undefined;
  await whileSilenced(run, times, record, { silences }, () => set.promise);
  await liftSilenceOf('r1', [], { silences });
  expect(calls).toEqual(['set']);
  expect(noted).toEqual([]);
});

test('a silence that an earlier process left is lifted', async () => {
  const at = new Date().toISOString();
  const silenced = (silence: string) => ({ at, kind: 'silenced', data: { silence } }) as const;
  await liftSilenceOf('r1', [silenced('s1'), silenced('s2'), { at, kind: 'acted', data: {} }], { silences });
  expect(calls).toEqual(['lift s2']);
});
