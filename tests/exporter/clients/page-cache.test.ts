import { expect, test } from '@jest/globals';
import { isPageCacheHit } from '../../../exporter/clients/page-cache.ts';

test.each<[headers: Record<string, string>, isHit: boolean | undefined]>([
  [{}, undefined],
  [{ 'cache-control': 'max-age=600', etag: '"x"' }, undefined],
  [{ 'x-cache': 'Hit from cloudfront' }, true],
  [{ 'x-cache': 'TCP_MEM_HIT from edge' }, true],
  [{ 'x-cache': 'MISS, HIT' }, true],
  [{ 'x-cache': 'Miss from cloudfront' }, false],
  [{ 'x-cache-status': 'EXPIRED' }, false],
  [{ 'cf-cache-status': 'DYNAMIC' }, false],
  [{ 'x-litespeed-cache': 'hit,private' }, true],
  [{ 'x-srcache-fetch-status': 'HIT' }, true],
  [{ 'x-fastcgi-cache': 'BYPASS' }, false],
  [{ age: '120' }, true],
  [{ age: '0' }, false],
  [{ age: 'old' }, false],
  [{ 'x-cache': 'white shirt' }, false],
])('%j: %s', (headers, isHit) => {
  expect(isPageCacheHit(headers)).toBe(isHit);
});
