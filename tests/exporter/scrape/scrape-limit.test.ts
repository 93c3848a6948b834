import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Exporter, ProbeRequest } from '../../../exporter/exporter.ts';
import type { Probe } from '../../../exporter/scrape/probe.ts';
import { limitScrapes, type ScrapeLimits } from '../../../exporter/scrape/scrape-limit.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const request = (target: string, more: Partial<ProbeRequest> = {}): ProbeRequest => ({
  module: 'site',
  target,
  only: [],
  except: [],
  timeoutMs: 1000,
  ...more,
});

/** What it gives does not matter here, only whose it is. */
const probe = (target: string) => ({ target }) as Probe;

interface Started extends PromiseWithResolvers<Probe> {
  readonly target: string;
  readonly timeoutMs: number;
}

/** An exporter whose scrapes end when the test says so. */
function limited(limits: ScrapeLimits) {
  const started: Started[] = [];
  const hang = (target: string, timeoutMs: number) => {
    const scrape = { ...Promise.withResolvers<Probe>(), target, timeoutMs };
    started.push(scrape);
    return scrape.promise;
  };
  const exporter = {
    metrics: (timeoutMs: number) => hang('/metrics', timeoutMs),
    probe: ({ target, timeoutMs }: ProbeRequest) => hang(target, timeoutMs),
  } as unknown as Exporter;
  return { started, exporter: limitScrapes(exporter, limits) };
}

/** Lets what has been settled go its way. */
const settle = () => jest.advanceTimersByTimeAsync(0);

test('one scrape more of a target than its limit is refused, others go on, and the place is free again after it', async () => {
  const { started, exporter } = limited({ ofTarget: 2, total: 10 });
  const [first, second] = [exporter.probe(request('a')), exporter.probe(request('a'))];
  await expect(exporter.probe(request('a'))).rejects.toMatchObject({ status: 503 });
  const others = [exporter.probe(request('b')), exporter.metrics(1000)];
  expect(started).toHaveLength(4);
  started[0]?.reject(new Error('boom'));
  await expect(first).rejects.toThrow('boom');
  const third = exporter.probe(request('a'));
  await expect(exporter.probe(request('a'))).rejects.toMatchObject({ status: 503 });
  for (const scrape of started) scrape.resolve(probe('any'));
  await expect(Promise.all([second, third, ...others])).resolves.toHaveLength(4);
});

describe('above the total', () => {
  test('scrapes wait in the order they came, and one that fails makes room as well', async () => {
    const { started, exporter } = limited({ ofTarget: 4, total: 2 });
    const scrapes = ['a', 'b', 'c', 'd'].map((target) => exporter.probe(request(target)));
    expect(started.map(({ target }) => target)).toEqual(['a', 'b']);
    started[1]?.reject(new Error('boom'));
    await expect(scrapes[1]).rejects.toThrow('boom');
    expect(started.map(({ target }) => target)).toEqual(['a', 'b', 'c']);
    started[2]?.resolve(probe('c'));
    await settle();
    expect(started.map(({ target }) => target)).toEqual(['a', 'b', 'c', 'd']);
    started[3]?.resolve(probe('d'));
    await expect(Promise.all(scrapes.slice(2))).resolves.toEqual([probe('c'), probe('d')]);
  });

  test('/metrics does not wait', () => {
    const { started, exporter } = limited({ ofTarget: 4, total: 1 });
    void exporter.probe(request('a'));
    void exporter.metrics(1000);
    expect(started.map(({ target }) => target)).toEqual(['a', '/metrics']);
  });

  test('waiting takes from the time of the request', async () => {
    const { started, exporter } = limited({ ofTarget: 4, total: 1 });
    void exporter.probe(request('a'));
    void exporter.probe(request('b'));
    await jest.advanceTimersByTimeAsync(400);
    started[0]?.resolve(probe('a'));
    await settle();
    expect(started.map(({ timeoutMs }) => timeoutMs)).toEqual([1000, 600]);
    // Whoever has a place does not give up any more.
    expect(jest.getTimerCount()).toBe(0);
  });

  test('who has no place after half of its time is refused, and what nobody waits for is not begun', async () => {
    const { started, exporter } = limited({ ofTarget: 1, total: 1 });
    void exporter.probe(request('a'));
    const refused = expect(exporter.probe(request('b'))).rejects.toMatchObject({ status: 503 });
    await jest.advanceTimersByTimeAsync(500);
    await refused;
    started[0]?.resolve(probe('a'));
    await settle();
    expect(started).toHaveLength(1);
    void exporter.probe(request('b'));
    expect(started).toHaveLength(2);
  });
});

describe('the same request', () => {
  test('as one that waits shares its scrape, which takes one place of its target', async () => {
    const { started, exporter } = limited({ ofTarget: 1, total: 1 });
    void exporter.probe(request('a'));
    const waiting = exporter.probe(request('b', { only: ['x', 'y'] }));
    await jest.advanceTimersByTimeAsync(100);
    const joined = exporter.probe(request('b', { only: ['y', 'x'] }));
    started[0]?.resolve(probe('a'));
    await settle();
    expect(started.map(({ target, timeoutMs }) => [target, timeoutMs])).toEqual([
      ['a', 1000],
      ['b', 900],
    ]);
    started[1]?.resolve(probe('b'));
    const [one, other] = await Promise.all([waiting, joined]);
    expect(one).toBe(other);
  });

  test('as one that has started gets its own, which begins after it was asked for', async () => {
    const { started, exporter } = limited({ ofTarget: 4, total: 2 });
    void exporter.probe(request('a'));
    void exporter.probe(request('a'));
    expect(started).toHaveLength(2);
    const third = exporter.probe(request('a'));
    started[0]?.resolve(probe('old'));
    await settle();
    expect(started).toHaveLength(3);
    const fourth = exporter.probe(request('a'));
    started[2]?.resolve(probe('third'));
    await settle();
    started[3]?.resolve(probe('fourth'));
    await expect(Promise.all([third, fourth])).resolves.toEqual([probe('third'), probe('fourth')]);
  });

  test.each<[what: string, more: Partial<ProbeRequest>]>([
    ['for other collectors', { only: ['x'] }],
    ['without some collectors', { except: ['x'] }],
    ['for another module', { module: 'host' }],
    ['with less time than those who wait', { timeoutMs: 999 }],
  ])('%s is another', async (_what, more) => {
    const { started, exporter } = limited({ ofTarget: 4, total: 1 });
    void exporter.probe(request('a'));
    void exporter.probe(request('b'));
    void exporter.probe(request('b', more));
    started[0]?.resolve(probe('a'));
    await settle();
    started[1]?.resolve(probe('b'));
    await settle();
    expect(started).toHaveLength(3);
  });

  test('goes on where the one it joined has given up, with its own time', async () => {
    const { started, exporter } = limited({ ofTarget: 1, total: 1 });
    void exporter.probe(request('a'));
    const gone = expect(exporter.probe(request('b'))).rejects.toMatchObject({ status: 503 });
    await jest.advanceTimersByTimeAsync(300);
    const joined = exporter.probe(request('b'));
    await jest.advanceTimersByTimeAsync(200);
    await gone;
    const another = exporter.probe(request('b', { only: ['x'] }));
    await expect(another).rejects.toThrow('site b is being scraped 1 times already');
    started[0]?.resolve(probe('a'));
    await settle();
    expect(started[1]?.timeoutMs).toBe(800);
    started[1]?.resolve(probe('b'));
    await expect(joined).resolves.toEqual(probe('b'));
  });

  test('fails for all who share it', async () => {
    const { started, exporter } = limited({ ofTarget: 4, total: 1 });
    void exporter.probe(request('a'));
    const both = [exporter.probe(request('b')), exporter.probe(request('b'))];
    started[0]?.resolve(probe('a'));
    await settle();
    started[1]?.reject(new Error('boom'));
    for (const each of both) await expect(each).rejects.toThrow('boom');
  });
});
