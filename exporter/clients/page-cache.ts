import type { IncomingHttpHeaders } from 'node:http';

/**
 * Headers in which a cache says whether the page came from it. Those of WordPress core's `WP_Site_Health::get_page_cache_headers()` that
 * tell of a hit, and those of FastCGI caches as hosters set them up. Core also counts headers that only allow caching.
 */
const STATUS_HEADERS = [
  'x-cache',
  'x-cache-status',
  'cf-cache-status',
  'x-litespeed-cache',
  'x-proxy-cache',
  'x-srcache-fetch-status',
  'x-fastcgi-cache',
  'x-nginx-cache',
  'x-kinsta-cache',
] as const;

/** Says whether a page came from a cache; undefined where no header tells. */
export function isPageCacheHit(headers: IncomingHttpHeaders): boolean | undefined {
  const told = STATUS_HEADERS.map((name) => headers[name]).filter((value) => value !== undefined);
  const { age } = headers;
  if (told.length === 0 && age === undefined) return undefined;
  // Of several caches in a row each adds a word: "MISS, HIT" came from the second.
  return told.some((value) => /\bhit\b/i.test(String(value).replaceAll('_', ' '))) || Number(age) > 0;
}
