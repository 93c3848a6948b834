/** Asks the exporter to read something again that it otherwise reads in the background. Rejects where it does not. */
export type Refresh = (target: string, collector: string) => Promise<void>;

const TIMEOUT_MS = 120_000;

/** Where the exporter is, and the Authorization header that it wants. */
export interface ExporterAddress {
  readonly url: string;
  readonly authorization: string;
}

/** Makes the request; the address is asked each time, so that a reload counts. With the signal it is given up. */
export function createRefresh(address: () => Promise<ExporterAddress>, stopped: AbortSignal): Refresh {
  return async (target, collector) => {
    const { url, authorization } = await address();
    const query = new URLSearchParams({ target, collector });
    const response = await fetch(`${url.replace(/\/$/, '')}/refresh?${query.toString()}`, {
      method: 'POST',
      headers: { authorization },
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), stopped]),
      redirect: 'error',
    });
    const text = (await response.text()).slice(0, 200).trim();
    if (!response.ok) throw new Error(`the exporter answered ${response.status}: ${text}`);
  };
}
