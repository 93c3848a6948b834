import { describe, expect, test } from '@jest/globals';
import { negateRule } from '../../../inventory/promql/negated-rule.ts';

const labels = { instance: 'blog' };

test.each<[rule: string, query: string]>([
  ['drift > 0', 'drift{instance="blog"} <= 0'],
  ['drift >= 2', 'drift{instance="blog"} < 2'],
  ['free < 0.1', 'free{instance="blog"} >= 0.1'],
  ['free <= 0.1', 'free{instance="blog"} > 0.1'],
  ['probe_success == 0', 'probe_success{instance="blog"} != 0'],
  ['state != 1', 'state{instance="blog"} == 1'],
  ['probe_success{job="site"} == 0', 'probe_success{instance="blog",job="site"} != 0'],
  ['up{} == 0', 'up{instance="blog"} != 0'],
  ['(free / size) < 0.1', '(free{instance="blog"} / size{instance="blog"}) >= 0.1'],
  ['(free < 0.1)', '(free{instance="blog"} >= 0.1)'],
  ['sum by (instance, host) (violations) > 0', 'sum by (instance, host) (violations{instance="blog"}) <= 0'],
  [
    'used > on(instance) group_left() level',
    'used{instance="blog"} <= on(instance) group_left() level{instance="blog"}',
  ],
])('%s is over where %s', (rule, query) => {
  expect(negateRule(rule, labels)).toEqual({ query });
});

test('labels are put in as the text they are', () => {
  const hostile = { instance: 'blog', plugin: 'a"} or vector(1) #\\\n', '0x': 'no label', __name__: 'other' };
  expect(negateRule('drift > 0', hostile)).toEqual({
    query: 'drift{instance="blog",plugin="a\\"} or vector(1) #\\\\\\n"} <= 0',
  });
});

describe('has no opposite:', () => {
  test.each<[rule: string, why: string]>([
    ['rate(errors[5m]) > 1', 'range'],
    ['rate(errors[5m]) / limit > 1', 'range'],
    ['changes(restarts[1h]) > 3', 'range'],
    ['absent(up) == 1', 'absence'],
    ['ALERTS{alertname="X"} == 1', 'ALERTS'],
    ['drift offset 5m > 0', 'offset'],
    ['drift > bool 0', 'bool'],
    ['drift', 'one comparison'],
    ['a > 0 and b > 0', 'one comparison'],
    ['a > 0 or b > 0', 'one comparison'],
    ['a > 0 unless on(host) b == 1', 'one comparison'],
    ['sum(a > 0)', 'one comparison'],
    ['sum(a > 0) > 1', 'one comparison'],
    ['a > 1 < 5', 'one comparison'],
    ['1 > 0', 'metric'],
    ['a >', 'read'],
  ])('%s, for it would need more than one comparison of what is now (%s)', (rule, why) => {
    expect(negateRule(rule, labels)).toEqual({ fault: expect.stringContaining(why) });
  });
});
