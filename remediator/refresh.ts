import { basicAuthorization } from '../inventory/authorization.ts';
import type { Secret } from '../inventory/secret.ts';

/** Asks the exporter to read something again that it otherwise reads in the background. Rejects where it does not. */
export type Refresh = (target: string, collector: string) => Promise<void>;

const TIMEOUT_MS = 120_000;

/** Where the exporter is, and its password. */
export interface ExporterAddress {
  readonly url: string;
  readonly username: string;
  readonly password: Secret;
}

/** Makes the request; the address is asked each time, so that a reload counts. */
export function createRefresh(address: () => Promise<ExporterAddress>): Refresh {
  return async (target, collector) => {
    const { url, username, password } = await address();
    const query = new URLSearchParams({ target, collector });
    const response = await fetch(`${url.replace(/\/$/, '')}/refresh?${query.toString()}`, {
      method: 'POST',
      headers: { authorization: basicAuthorization(username, password) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    if (!response.ok)
      throw new Error(`the exporter answered ${response.status}: ${(await response.text()).trim()}`);
  };
}
