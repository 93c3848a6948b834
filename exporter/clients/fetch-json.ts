import { fetchJson as fetchFromApi, type JsonAnswer } from '../../apis/fetch-json.ts';
import { asCollectorError } from './as-collector-error.ts';

/** Asks an API. Rejects with a CollectorError where it cannot be reached, is late, or sends more than any answer can be. */
export function fetchJson(url: URL, options: RequestInit & { signal: AbortSignal }): Promise<JsonAnswer> {
  return asCollectorError(fetchFromApi(url, options));
}
