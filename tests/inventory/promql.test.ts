import { describe, expect, test } from '@jest/globals';
import { parsePromql, substituteVariables, vectorSelectors } from '../../inventory/promql.ts';
import { guardFault, verificationFault } from '../../inventory/verification.ts';

describe('vectorSelectors', () => {
  test('finds each selector, and tells ranges', () => {
    expect(vectorSelectors(parsePromql('sum(a{x="y"}) == 0 and rate({z="1"}[5m] offset 1m) > 1'))).toEqual([
      { text: 'a{x="y"}', metric: 'a', isRange: false },
      { text: '{z="1"}', metric: undefined, isRange: true },
    ]);
  });
});

describe('verificationFault', () => {
  test.each(['sum(a{instance="$target"}) == 0', '(a == 1)', 'a == 1 and (b < 2)', 'a > 1 unless b'])(
    '%s can prove a fix',
    (query) => {
      expect(verificationFault(query)).toBeUndefined();
    },
  );

  test.each([
    ['a == bool 1', 'without `bool`'],
    ['a', 'a comparison such as'],
    ['sum(a == 1)', 'a comparison such as'],
    ['a == 1 or b', 'a comparison such as'],
    ['a == 1 or b == 2', 'a comparison such as'],
    ['absent(a) == 1', 'nothing is concluded from absence'],
    ['absent_over_time(a[5m]) == 1', 'nothing is concluded from absence'],
    ['vector(1) == 1', 'no vector()'],
    ['1 == 1', 'at least one metric'],
    ['ALERTS{alertname="X"} == 1', 'ALERTS'],
    ['{__name__="ALERTS"} == 1', 'ALERTS'],
    ['a ==', 'PromQL that parses'],
    ['', 'PromQL that parses'],
    ['a{instance=$target} == 1', 'PromQL that parses'],
  ])('%s cannot', (query, message) => {
    expect(verificationFault(query)).toContain(message);
  });

  test('a guard may read ALERTS: it says whether something else is firing', () => {
    expect(guardFault('ALERTS{alertname="Backup"} == 0')).toBeUndefined();
  });
});

describe('substituteVariables', () => {
  test('puts plain words in', () => {
    expect(
      substituteVariables('a{i="$target",n="$service"}', { target: 'blog', service: 'php8.2-fpm' }),
    ).toBe('a{i="blog",n="php8.2-fpm"}');
  });

  test.each(['a"b', 'a b', '', '$(x)', '-x', 'a\n'])(
    'refuses %j, which could end the string it stands in',
    (value) => {
      expect(() => substituteVariables('a{i="$target"}', { target: value })).toThrow('not a plain word');
    },
  );

  test('refuses a variable without a value, one of Object included', () => {
    expect(() => substituteVariables('a{i="$constructor"}', {})).toThrow('$constructor has no value');
  });
});
