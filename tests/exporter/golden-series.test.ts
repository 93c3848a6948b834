import { describe, expect, test } from '@jest/globals';
import { goldenDifference, seriesShapes, shapesInPrometheus } from '../helpers/golden-series.ts';

describe('the series of a text', () => {
  test('are its names and labels without values, each once, sorted', () => {
    const text = `# HELP b B.
# TYPE b gauge
b{name="x, y=\\"1\\"} 2",device="sda"} 1
b{name="z",device="sdb"} NaN

a_total 5
`;
    expect(seriesShapes(text)).toEqual(['a_total', 'b{device,name}']);
  });

  test('have the label values that Steward chooses', () => {
    expect(seriesShapes('a{collector="cpu",x="1"} 1\na{collector="load",x="2"} +Inf\n')).toEqual([
      'a{collector="cpu",x}',
      'a{collector="load",x}',
    ]);
  });

  test('of all collectors are the same when there is another', () => {
    const text = 'steward_collector_errors_total{collector="cpu",reason="login"} 1\n';
    expect(seriesShapes(text)).toEqual(['steward_collector_errors_total{collector,reason="login"}']);
  });

  test('are no text that is something else', () => {
    expect(() => seriesShapes('<html>\n')).toThrow('this is no series: <html>');
  });
});

test('series that Prometheus has are their names with the job and the names of their own labels, each once, sorted', () => {
  const of = (instance: string) => ({ __name__: 'b', job: 'site', instance, host: 'h', log: 'x', kind: 'y' });
  const up = { __name__: 'a', job: 'job', instance: 'backup' };
  expect(shapesInPrometheus([of('one'), of('two'), up])).toEqual(['a{job="job"}', 'b{job="site",kind,log}']);
});

test('a golden file differs by what is new and by what is gone, but for what may be missing', () => {
  const golden = 'a\nb{x}\n? c\n? d\n';
  expect(goldenDifference(golden, ['a', 'b{x}', 'd'])).toEqual({ added: [], missing: [] });
  expect(goldenDifference(golden, ['a', 'b{x,y}', 'c'])).toEqual({ added: ['b{x,y}'], missing: ['b{x}'] });
});
