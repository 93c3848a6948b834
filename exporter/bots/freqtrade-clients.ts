import type { BotTarget } from '../target.ts';
import { createFreqtradeClient, type FreqtradeClient } from './freqtrade-client.ts';

/** Gives the client of a bot: the same one as long as steward.yml says the same of it, so that its login is kept. */
export type FreqtradeClientOf = (target: BotTarget) => FreqtradeClient;

/** Makes the clients of all bots. */
export function createFreqtradeClients(): FreqtradeClientOf {
  const clients = new Map<string, { readonly key: string; readonly client: FreqtradeClient }>();
  return ({ id, entry, readPassword }) => {
    const { url, username } = entry;
    const key = JSON.stringify([url, username, entry.password_file]);
    const known = clients.get(id);
    if (known?.key === key) return known.client;
    const client = createFreqtradeClient({ url, username, readPassword });
    clients.set(id, { key, client });
    return client;
  };
}
