import { loadGood } from './load.ts';
import { askService } from './service-api.ts';

const TIMEOUT_MS = 10_000;

/**
 * Asks the remediator's API, or tells it something, at its `external_url` in steward.yml and with its password. Rejects with a CommandError that says what to
 * mend.
 */
export async function askRemediator(configFile: string, path: string, body?: object): Promise<unknown> {
  const loaded = await loadGood(configFile);
  const { external_url: url, username, password_file: passwordFile } = loaded.inventory.remediator;
  const service = { name: 'remediator', url, username, passwordFile, timeoutMs: TIMEOUT_MS } as const;
  return askService(loaded, service, { path, body });
}
