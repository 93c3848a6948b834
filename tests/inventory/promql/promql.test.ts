import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePromql, substituteVariables, vectorSelectors } from '../../../inventory/promql/promql.ts';
import { freezeFault, guardFault, verificationFault } from '../../../inventory/promql/verification.ts';

describe('vectorSelectors', () => {
  test('finds each selector, and tells ranges', () => {
    expect(vectorSelectors(parsePromql('sum(a{x="y"}) == 0 and rate({z="1"}[5m] offset 1m) > 1'))).toEqual([
      { text: 'a{x="y"}', metric: 'a', isRange: false },
      { text: '{z="1"}', metric: undefined, isRange: true },
    ]);
  });

  test.each([
    ['a', 'a'],
    ['job:a:rate5m{b="c"}', 'job:a:rate5m'],
    ['{"a.b", c="d"}', 'a.b'],
    ['{__name__="a"}', 'a'],
    ['{__name__=~"a"}', undefined],
    ['{__name__!="a"}', undefined],
    ['{__name__="\\x61"}', undefined],
  ])('the metric of %s is %j', (query, metric) => {
    expect(vectorSelectors(parsePromql(query))[0]?.metric).toBe(metric);
  });

  test.each(['rate(a[5m])', 'max_over_time(a[5m:1m])', 'max_over_time(sum(a)[5m:])'])(
    '%s reads a range',
    (query) => {
      expect(vectorSelectors(parsePromql(query))).toMatchObject([{ isRange: true }]);
    },
  );
});

describe('verificationFault', () => {
  test.each([
    'sum(a{instance="$target"}) == 0',
    '(a == 1)',
    'a == 1 and (b < 2)',
    'a == 0 and rate(b[5m]) == 0',
  ])('%s can prove a fix', (query) => {
    expect(verificationFault(query)).toBeUndefined();
  });

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
    ['{"ALERTS_FOR_STATE"} > 0', 'ALERTS'],
    ['{__name__=~"A.*"} == 1', 'the name of a metric'],
    ['a > 1 unless b', 'without `unless`'],
    ['sum(a unless b) == 0', 'without `unless`'],
    ['a offset 5m == 1', 'no `offset`'],
    ['a @ 1700000000 == 1', 'no `@`'],
    ['rate(a[5m]) == 0', 'as it is now'],
    ['max_over_time(a[5m:]) == 1', 'as it is now'],
    ['a{b="x$target"} == 1', 'where "x$target" stands'],
    ['a{b=~"$target"} == 1', 'where "$target" stands'],
    ['label_replace(a, "b", "$target", "c", "d") == 1', 'where "$target" stands'],
    ['a ==', 'PromQL that parses'],
    ['', 'PromQL that parses'],
    ['a{instance=$target} == 1', 'PromQL that parses'],
  ])('%s cannot', (query, message) => {
    expect(verificationFault(query)).toContain(message);
  });

  test('the replacement of label_replace is no variable', () => {
    expect(verificationFault('label_replace(a, "b", "$1", "c", "(.*)") == 1')).toBeUndefined();
  });
});

describe('freezeFault', () => {
  test.each(['max(freqtrade_open_trades) > 5', '(a > 1) and (b > 1)', 'rate(a[5m]) > 1'])(
    'finds none in %s',
    (query) => {
      expect(freezeFault(query)).toBeUndefined();
    },
  );

  test.each([
    ['a', 'a comparison such as'],
    ['a > bool 1', 'a comparison without `bool`'],
    ['absent(a)', 'nothing is concluded from absence'],
    ['ALERTS{alertname="Deploys"} > 0', 'not ALERTS'],
    ['vector(1) > 0', 'no vector()'],
    ['a{', 'PromQL that parses'],
  ])('finds one in %s', (query, message) => {
    expect(freezeFault(query)).toContain(message);
  });
});

describe('guardFault', () => {
  test.each([
    ['what else is firing', 'host_up{instance="$host"} == 1 unless on() ALERTS{alertname="Backup"}'],
    ['the past', 'a offset 1h == 1'],
    ['a range', 'rate(a[5m]) < 1'],
  ])('a guard may read %s', (_what, query) => {
    expect(guardFault(query)).toBeUndefined();
  });

  test.each([
    ['absent(a) == 1', 'nothing is concluded from absence'],
    ['a', 'a comparison such as'],
    ['a{b="x$host"} == 1', 'where "x$host" stands'],
  ])('%s is refused', (query, message) => {
    expect(guardFault(query)).toContain(message);
  });
});

describe('substituteVariables', () => {
  test('puts plain words in', () => {
    expect(
      substituteVariables('a{i="$target",n="$service"}', { target: 'blog', service: 'php8.2-fpm' }),
    ).toBe('a{i="blog",n="php8.2-fpm"}');
  });

  test('leaves what is no variable as it stands', () => {
    const query = 'label_replace(a{i=\'$target\'}, "b", "$1", "c", "x$target") == 1 # "$target"';
    expect(substituteVariables(query, { target: 'blog' })).toBe(
      'label_replace(a{i="blog"}, "b", "$1", "c", "x$target") == 1 # "$target"',
    );
  });

  test('what is put in is read back as the value of its label, and nothing else changes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/), (value) => {
        const query = substituteVariables('a{i="$x",j="1"} == 1', { x: value });
        expect(vectorSelectors(parsePromql(query))).toEqual([
          { text: `a{i="${value}",j="1"}`, metric: 'a', isRange: false },
        ]);
      }),
    );
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
