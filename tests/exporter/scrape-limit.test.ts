import { expect, test } from '@jest/globals';
import type { Exporter, ProbeRequest } from '../../exporter/exporter.ts';
import { limitScrapes } from '../../exporter/scrape-limit.ts';

const request = (target: string): ProbeRequest => ({
  module: 'site',
  target,
  only: [],
  except: [],
  timeoutMs: 1000,
});

/** An exporter whose scrapes end when the test says so. */
function limited() {
  const scrapes: PromiseWithResolvers<[]>[] = [];
  const hang = () => {
    const scrape = Promise.withResolvers<[]>();
    scrapes.push(scrape);
    return scrape.promise;
  };
  const exporter = { metrics: hang, probe: hang } as unknown as Exporter;
  return { scrapes, exporter: limitScrapes(exporter, 2) };
}

test('one scrape more of a target than the limit is refused, others go on, and the place is free again after it', async () => {
  const { scrapes, exporter } = limited();
  const [first, second] = [exporter.probe(request('a')), exporter.probe(request('a'))];
  await expect(exporter.probe(request('a'))).rejects.toMatchObject({ status: 503 });
  const others = [exporter.probe(request('b')), exporter.metrics(1000)];
  expect(scrapes).toHaveLength(4);
  scrapes[0]?.reject(new Error('boom'));
  await expect(first).rejects.toThrow('boom');
  const third = exporter.probe(request('a'));
  await expect(exporter.probe(request('a'))).rejects.toMatchObject({ status: 503 });
  for (const scrape of scrapes) scrape.resolve([]);
  await expect(Promise.all([second, third, ...others])).resolves.toEqual([[], [], [], []]);
});
