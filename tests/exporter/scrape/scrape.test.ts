import { describe, expect, test } from '@jest/globals';
import { CollectorError } from '../../../exporter/collector-error.ts';
import { NoDataError, type Collector } from '../../../exporter/collector.ts';
import { counter, gauge, sample } from '../../../exporter/metrics/metric.ts';
import { renderMetrics } from '../../../exporter/metrics/render.ts';
import { scrapeSamples } from '../../helpers/scrape-samples.ts';

const metric = gauge('a_thing', 'A thing.');
type Collect = NonNullable<Collector<null>['collect']>;
const collector = (name: string, collect: Collect): Collector<null> => ({
  name,
  metrics: [],
  collect,
});
const good = collector('good', () => Promise.resolve([sample(metric, 7)]));

async function scrapeWith(bad: Collector<null>) {
  const errors: [string, string][] = [];
  const onError = (name: string, reason: string) => errors.push([name, reason]);
  const samples = await scrapeSamples([good, bad], null, { timeoutMs: 50, onError });
  return { text: await renderMetrics(samples), errors };
}

describe('a scrape', () => {
  test.each<[what: string, collect: Collect, reason: string]>([
    [
      'throws at once',
      () => {
        throw new Error('boom');
      },
      'internal',
    ],
    ['rejects', () => Promise.reject(new CollectorError('bad_answer', 'boom')), 'bad_answer'],
    [
      'returns a value that is no number',
      () => Promise.resolve([sample(gauge('bad', 'Bad.'), Number.NaN)]),
      'bad_answer',
    ],
    [
      'returns a counter below zero',
      () => Promise.resolve([sample(counter('bad_total', 'Bad.'), -1)]),
      'bad_answer',
    ],
    ['never answers', () => new Promise(() => undefined), 'timeout'],
  ])('a collector that %s costs only its own series', async (_what, collect, reason) => {
    const { text, errors } = await scrapeWith(collector('bad', collect));
    expect(text).toContain('a_thing 7');
    expect(text).toContain('steward_scrape_collector_success{collector="good"} 1');
    expect(text).toContain('steward_scrape_collector_success{collector="bad"} 0');
    expect(errors).toEqual([['bad', reason]]);
  });

  test('a collector that ends its work at its signal can still say what it found', async () => {
    const { text } = await scrapeWith(
      collector(
        'bad',
        (_target, signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => resolve([sample(gauge('late', 'Late.'), 1)]));
          }),
      ),
    );
    expect(text).toContain('late 1');
  });

  test('a collector that fails can still say what it measured', async () => {
    const down = new CollectorError('unreachable', 'down', { samples: [sample(gauge('up', 'Up.'), 0)] });
    const { text, errors } = await scrapeWith(collector('bad', () => Promise.reject(down)));
    expect(text).toContain('up 0');
    expect(errors).toEqual([['bad', 'unreachable']]);
  });

  test('nothing to measure is no failure', async () => {
    const { text, errors } = await scrapeWith(collector('none', () => Promise.reject(new NoDataError())));
    expect(text).toContain('steward_scrape_collector_success{collector="none"} 1');
    expect(errors).toEqual([]);
  });
});
