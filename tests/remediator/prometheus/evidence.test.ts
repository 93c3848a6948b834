import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { corroborate } from '../../../remediator/prometheus/corroborate.ts';
import { freshEvidence } from '../../../remediator/prometheus/evidence.ts';
import { askGuards } from '../../../remediator/prometheus/guards.ts';
import { verify } from '../../../remediator/run/verify.ts';
import { startMetricsPage, type MetricsPage } from '../../helpers/metrics-page.ts';
import { startTestPrometheus, type TestPrometheus } from '../../helpers/prometheus.ts';
import { makeAlert } from '../alerts.ts';

const RULES = `
groups:
  - name: test
    rules:
      - { record: job:drift:sum, expr: sum(drift) }
      - { alert: Drift, expr: drift > 0, labels: { severity: page } }
      - { alert: Late, expr: drift > 0, for: 1h }
      - { alert: Worded, expr: drift > 0, labels: { what: '{{ $labels.instance }} drifts' } }
      - { alert: Summed, expr: sum(drift) > 0 }
      - { alert: Value, expr: drift }
`;
let folder: TempFolder;
let page: MetricsPage;
let prometheus: TestPrometheus;

beforeAll(async () => {
  folder = await createTempFolder('steward-evidence');
  page = await startMetricsPage();
  prometheus = await startTestPrometheus(folder.path, page.port, RULES);
});
afterAll(async () => {
  await prometheus.stop();
  await page.stop();
  await folder.remove();
});
const used = new Set<string>();
afterEach(async () => {
  page.setBroken(false);
  for (const series of used) page.delete(series);
  used.clear();
  await prometheus.untilEmpty('{__name__=~"drift|ok|steward_data_timestamp_seconds"}');
});

/** Puts series on the page and waits until Prometheus has the last one with that value. */
async function show(values: Record<string, number | string>): Promise<void> {
  for (const [series, value] of Object.entries(values)) {
    page.set(series, value);
    used.add(series);
  }
  const [series = '', value = 0] = Object.entries(values).at(-1) ?? [];
  await prometheus.untilTrue(value === 'NaN' ? `${series} != ${series}` : `${series} == ${value}`);
}

/** Waits for a scrape that began after this call, and for Prometheus to have stored it. */
async function nextScrape(): Promise<void> {
  const before = await prometheus.client.now();
  await prometheus.untilTrue(`timestamp(up) > ${before}`);
}

describe('an alert is corroborated', () => {
  const about = (instance: string, labels: Record<string, string> = {}, severity = 'page') =>
    makeAlert({ alertname: 'Drift', severity, instance, job: 'page', ...labels });
  const asked = (alert: ReturnType<typeof makeAlert>, labels: readonly string[] = ['instance']) =>
    corroborate(prometheus.client, alert, labels).then((found) => found !== undefined);

  test('where the expression of its rule is true now for its series', async () => {
    await show({ 'drift{instance="blog"}': 1 });
    expect(await asked(about('blog'))).toBe(true);
  });

  test("also with Prometheus's external labels, and before a long `for` is over", async () => {
    await show({ 'drift{instance="blog"}': 1 });
    expect(await asked(about('blog', { site: 'home' }))).toBe(true);
    expect(await asked(makeAlert({ alertname: 'Late', job: 'page', instance: 'blog' }))).toBe(true);
  });

  test('by a rule whose label is worded from the series', async () => {
    await show({ 'drift{instance="blog"}': 1 });
    expect(
      await asked(makeAlert({ alertname: 'Worded', job: 'page', instance: 'blog', what: 'blog drifts' })),
    ).toBe(true);
  });

  test.each([
    ['of another series', about('shop')],
    ['of another label of the series', about('blog', { path_group: 'config' })],
    ['of another label of the rule', about('blog', {}, 'ticket')],
    ['of a name that no rule has', makeAlert({ alertname: 'Forged', instance: 'blog' })],
    ['of the name of a recording rule', makeAlert({ alertname: 'job:drift:sum', instance: 'blog' })],
    ['whose instance no series vouches for', makeAlert({ alertname: 'Summed', instance: 'blog' })],
  ])('not where it is %s', async (_what, alert) => {
    await show({ 'drift{instance="blog",path_group="core"}': 1 });
    expect(await asked(about('blog', { path_group: 'core' }))).toBe(true);
    expect(await asked(alert)).toBe(false);
  });

  test('not where a label that chooses what is acted on came with the webhook alone', async () => {
    await show({ 'drift{instance="blog"}': 1 });
    const alert = about('blog', { service: 'nginx' });
    expect(await asked(alert, ['instance'])).toBe(true);
    expect(await asked(alert, ['instance', 'service'])).toBe(false);
  });

  test.each([
    ['there is no sample', {}],
    ['it is not true', { 'drift{instance="blog"}': 0 }],
    ['the value is not a number', { 'drift{instance="blog"}': 'NaN' }],
  ])('not where %s', async (_what, values) => {
    if (Object.keys(values).length > 0) await show(values);
    expect(await asked(about('blog'))).toBe(false);
  });

  test.each(['NaN', '+Inf', '-Inf'])('not where the value of its rule is %s', async (value) => {
    await show({ 'drift{instance="blog"}': value });
    expect(await asked(makeAlert({ alertname: 'Value', job: 'page', instance: 'blog' }))).toBe(false);
  });

  test('not where the exporter has stopped', async () => {
    await show({ 'drift{instance="blog"}': 1 });
    page.setBroken(true);
    await waitUntil(async () => !(await asked(about('blog'))), { what: 'the series to be stale' });
    expect(await asked(about('blog'))).toBe(false);
  });
});

describe('a guard', () => {
  test.each([
    ['holds where its result is finite', { 'ok{instance="h"}': 1 }, undefined],
    ['does not hold where it is empty', { 'ok{instance="h"}': 0 }, 'ok{instance="h"} == 1'],
    ['does not hold where there is no sample', { 'ok{instance="other"}': 1 }, 'ok{instance="h"} == 1'],
  ])('%s', async (_what, values, failing) => {
    await show(values);
    const { failing: found } = await askGuards(prometheus.client, ['vector(1)', 'ok{instance="h"} == 1']);
    expect(found?.query).toBe(failing);
  });

  test('does not hold where one of its values is not finite', async () => {
    await show({ 'ok{instance="h"}': 1, 'ok{instance="i"}': 'NaN' });
    const { failing } = await askGuards(prometheus.client, ['ok']);
    expect(failing).toMatchObject({ query: 'ok', says: expect.stringContaining('NaN') });
  });

  test('that Prometheus refuses is an error, not a result', async () => {
    await expect(askGuards(prometheus.client, ['ok == =='])).rejects.toMatchObject({
      name: 'PrometheusError',
    });
    await expect(askGuards(prometheus.client, ['ok == =='])).rejects.toThrow(/status 400: .*parse error/);
  });
});

describe('evidence', () => {
  const query = 'sum(drift{instance="blog"}) == 0';
  const after = (seconds: number) => freshEvidence(prometheus.client, query, 'blog', seconds);

  test('holds on samples that are newer than the time, and tells the oldest', async () => {
    await show({ 'drift{instance="blog",g="a"}': 0, 'drift{instance="blog",g="b"}': 0 });
    const boundary = await prometheus.client.now();
    await nextScrape();
    const evidence = await after(boundary);
    expect(evidence).toEqual({ kind: 'holds', at: expect.any(Number) });
    expect(evidence.kind === 'holds' && evidence.at > boundary).toBe(true);
  });

  test('does not hold on fresh samples that say otherwise', async () => {
    await show({ 'drift{instance="blog"}': 3 });
    const boundary = await prometheus.client.now();
    await nextScrape();
    expect(await after(boundary)).toMatchObject({ kind: 'does-not-hold' });
  });

  test('is none on samples from before the time, though they would hold', async () => {
    await show({ 'drift{instance="blog"}': 0 });
    expect(await after((await prometheus.client.now()) + 60)).toEqual({ kind: 'nothing-fresh' });
  });

  test('is none where there is no sample at all', async () => {
    expect(await after(0)).toEqual({ kind: 'nothing-fresh' });
  });

  test('is none when the exporter has stopped after it looked healed', async () => {
    await show({ 'drift{instance="blog"}': 0 });
    const boundary = await prometheus.client.now();
    page.setBroken(true);
    await prometheus.untilEmpty('drift');
    expect(await after(boundary)).toEqual({ kind: 'nothing-fresh' });
  });

  test('does not hold where a fresh value is not finite', async () => {
    await show({ 'drift{instance="blog"}': 'NaN' });
    const any = await freshEvidence(prometheus.client, 'sum(drift{instance="blog"}) != 1', 'blog', 0);
    expect(any).toMatchObject({ kind: 'does-not-hold' });
  });

  test('needs every selector to be fresh', async () => {
    await show({ 'drift{instance="blog"}': 0 });
    const both = 'drift{instance="blog"} == 0 and on() ok{instance="h"} == 1';
    expect(await freshEvidence(prometheus.client, both, 'blog', 0)).toEqual({ kind: 'nothing-fresh' });
    await show({ 'ok{instance="h"}': 1 });
    expect(await freshEvidence(prometheus.client, both, 'blog', 0)).toMatchObject({ kind: 'holds' });
  });

  describe('of what is read in the background', () => {
    // Its data times are looked back at, so no other test may be about the same target.
    const queryShop = 'sum(drift{instance="shop"}) == 0';
    const afterShop = (seconds: number) => freshEvidence(prometheus.client, queryShop, 'shop', seconds);
    const data = 'steward_data_timestamp_seconds{metric="drift",instance="shop"}';

    test('counts from when it was read, not from when it was scraped', async () => {
      const boundary = await prometheus.client.now();
      await show({ 'drift{instance="shop"}': 0, [data]: boundary - 1 });
      await nextScrape();
      expect(await afterShop(boundary)).toEqual({ kind: 'nothing-fresh' });
      await show({ [data]: boundary + 1 });
      expect(await afterShop(boundary)).toMatchObject({ kind: 'holds' });
    });

    test('is awaited when the exporter has restarted and has not read it yet', async () => {
      const boundary = await prometheus.client.now();
      await show({ 'drift{instance="shop"}': 0, [data]: boundary - 1 });
      page.delete(data);
      await prometheus.untilEmpty(data);
      await nextScrape();
      expect(await afterShop(boundary)).toEqual({ kind: 'nothing-fresh' });
    });

    test('is not held up by that of another target', async () => {
      const boundary = await prometheus.client.now();
      await show({
        'steward_data_timestamp_seconds{metric="drift",instance="blog2"}': boundary - 1,
        'steward_data_timestamp_seconds{metric="drift",instance="shop"}': boundary + 1,
        'drift{instance="shop"}': 0,
      });
      await nextScrape();
      expect(await afterShop(boundary)).toMatchObject({ kind: 'holds' });
    });
  });
});

describe('a verification', () => {
  const base = {
    target: 'blog',
    query: 'drift{instance="blog"} == 0',
    samples: 2,
    withinMs: 5000,
    harm: undefined,
    endsDisproved: false,
  };
  const harm = { healthy: 'ok{instance="blog"} == 1', harmed: 'ok{instance="blog"} == 0' };
  const run = (
    change: Partial<Parameters<typeof verify>[1]> = {},
    onBoundary: () => void = () => undefined,
  ) => verify(prometheus.client, { ...base, ...change }, onBoundary, new AbortController().signal);

  test('passes on as many different samples as are asked for', async () => {
    await show({ 'drift{instance="blog"}': 0 });
    const before = page.scrapes();
    expect(await run({ samples: 4 })).toBe('verified');
    expect(page.scrapes() - before).toBeGreaterThanOrEqual(4);
  });

  test('passes where the fix shows only after a while, asked from the boundary on', async () => {
    await show({ 'drift{instance="blog"}': 1 });
    expect(await run({}, () => page.set('drift{instance="blog"}', 0))).toBe('verified');
  });

  test.each([
    ['the fault is still there', 1],
    ['the value is not a number', 'NaN'],
  ])('is inconclusive where %s', async (_what, value) => {
    await show({ 'drift{instance="blog"}': value });
    expect(await run({ withinMs: 1500 })).toBe('inconclusive');
  });

  test('is inconclusive where the exporter stops, though the last sample was good', async () => {
    await show({ 'drift{instance="blog"}': 0 });
    expect(await run({ withinMs: 1500 }, () => page.setBroken(true))).toBe('inconclusive');
  });

  test('sees harm where a target that was healthy is down', async () => {
    await show({ 'drift{instance="blog"}': 0, 'ok{instance="blog"}': 0 });
    expect(await run({ harm })).toBe('harmed');
  });

  test('waits for a fresh sign of health, too', async () => {
    await show({ 'drift{instance="blog"}': 0 });
    expect(await run({ harm, withinMs: 1500 })).toBe('inconclusive');
  });

  test('takes silence about the target for no harm', async () => {
    await show({ 'drift{instance="blog"}': 1, 'ok{instance="blog"}': 1 });
    expect(await run({ harm, withinMs: 1500 }, () => page.setBroken(true))).toBe('inconclusive');
  });
});
