import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allMatch, parseMatcher } from '../../../inventory/promql/matcher.ts';

describe('parseMatcher', () => {
  test.each<[text: string, labels: Record<string, string>, fits: boolean]>([
    ['alertname="SiteDown"', { alertname: 'SiteDown' }, true],
    ['alertname=SiteDown', { alertname: 'SiteDown' }, true],
    ['alertname="SiteDown"', { alertname: 'SiteDownToo' }, false],
    ['severity!="page"', { severity: 'ticket' }, true],
    ['severity!="page"', {}, true],
    ['team=""', {}, true],
    ['severity=~"page|ticket"', { severity: 'ticket' }, true],
    ['severity=~"page"', { severity: 'pager' }, false],
    ['severity!~"p.*"', { severity: 'page' }, false],
    ['path="a\\"b\\n"', { path: 'a"b\n' }, true],
    ['constructor=""', {}, true],
    ['"a.b"="x"', { 'a.b': 'x' }, true],
    ['"a\\"b"!="x"', { 'a"b': 'x' }, false],
    [' severity = "page" ', { severity: 'page' }, true],
    ['note=~"a.b"', { note: 'a\nb' }, false],
  ])('%s against %j', (text, labels, fits) => {
    expect(allMatch([parseMatcher(text)], labels)).toBe(fits);
  });

  test.each([
    ['alertname', 'a matcher such as alertname="SiteDown"'],
    ['="x"', 'a matcher such as alertname="SiteDown"'],
    ['a="x', 'a closing double quote'],
    ['a=x y', 'in double quotes'],
    ['a=~"("', 'as RE2 reads it'],
    ['a=~"(?=x)"', 'without look-around'],
    ['a=~"(x)\\\\1"', 'back-reference'],
  ])('%s is refused', (text, message) => {
    expect(() => parseMatcher(text)).toThrow(message);
  });

  test('any value that is quoted as JSON matches itself and nothing longer', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/[\u0000-\u001f]/.test(text));
    fc.assert(
      fc.property(plain, (value) => {
        const matcher = parseMatcher(`a=${JSON.stringify(value)}`);
        expect(matcher.matches(value)).toBe(true);
        expect(matcher.matches(`${value}x`)).toBe(false);
      }),
    );
  });
});
