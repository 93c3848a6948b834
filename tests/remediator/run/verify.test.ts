import { describe, expect, test } from '@jest/globals';
import type { PrometheusClient } from '../../../remediator/prometheus/prometheus-client.ts';
import { verify, type VerificationResult } from '../../../remediator/run/verify.ts';

/** What Prometheus has at one look: whether the proof holds, and whether the target is healthy; without a word, nothing fresh. */
interface Look {
  readonly healed?: boolean;
  readonly healthy?: boolean;
}

/** A Prometheus that has one look after the other, each on newer samples; the last one stays. */
function prometheusWith(looks: readonly Look[]): PrometheusClient {
  let look = 0;
  const seen = (query: string): boolean | undefined => {
    const { healed, healthy } = looks[Math.min(look, looks.length) - 1] ?? {};
    if (query.includes('proof')) return healed;
    return query.endsWith('== 0') && healthy !== undefined ? !healthy : healthy;
  };
  return {
    query(query) {
      const isTime = query.startsWith('timestamp(');
      // The time of the proof is what each look asks first.
      if (isTime && query.includes('proof')) look += 1;
      if (query.includes('steward_data_timestamp')) return Promise.resolve([]);
      const holds = seen(query);
      const isThere = isTime ? holds !== undefined : holds === true;
      return Promise.resolve(isThere ? [{ labels: {}, value: isTime ? 1000 + look : 1 }] : []);
    },
    now: () => Promise.resolve(1000),
    alertingRules: () => Promise.resolve([]),
  };
}

const harm = { healthy: 'probe == 1', harmed: 'probe == 0' };

function verifyOn(
  looks: readonly Look[],
  change: Partial<Parameters<typeof verify>[1]> = {},
): Promise<VerificationResult> {
  const plan = {
    target: 'blog',
    query: 'proof == 1',
    samples: 2,
    withinMs: 3_600_000,
    harm: undefined,
    endsDisproved: true,
    ...change,
  };
  return verify(prometheusWith(looks), plan, () => undefined, new AbortController().signal);
}

const fault = { healed: false, healthy: true };
const healed = { healed: true, healthy: true };

test('a proof that nothing fresh stands for any more is none, though the target is healthy by then', async () => {
  const looks = [{ healed: true }, { healed: true }, { healed: true }, { healthy: true }];
  expect(await verifyOn(looks, { harm, withinMs: 2000 })).toBe('inconclusive');
});

describe('where the command has failed, a verification', () => {
  test('ends as soon as as many samples as a proof needs say that nothing is healed', async () => {
    expect(await verifyOn([fault, fault])).toBe('inconclusive');
  });

  test('still sees a fault that is healed all the same', async () => {
    expect(await verifyOn([fault, healed, fault, healed, healed])).toBe('verified');
  });

  test('does not end before it is known whether the target was harmed', async () => {
    const down = { healed: false, healthy: false };
    expect(
      await verifyOn([{ healed: false }, { healed: false }, { healed: false }, down, down], { harm }),
    ).toBe('harmed');
    expect(await verifyOn([{ healed: false }, { healed: false }, fault, fault], { harm })).toBe(
      'inconclusive',
    );
  });

  test('learns nothing from silence', async () => {
    expect(await verifyOn([fault, {}, {}, healed, healed])).toBe('verified');
  });
});

test('where nobody knows whether the command has failed, the fault may still go away', async () => {
  const looks = [fault, fault, fault, healed, healed];
  expect(await verifyOn(looks, { endsDisproved: false })).toBe('verified');
});
