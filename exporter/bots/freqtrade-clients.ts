import { createFreqtradeClient, type FreqtradeClient } from '../../apis/freqtrade-client.ts';
import { asCollectorError } from '../clients/as-collector-error.ts';
import { NoDataError } from '../collector.ts';
import type { BotTarget } from '../targets/target.ts';

/** Gives the client of a bot: the same one as long as steward.yml says the same of it, so that its login is kept. Throws a NoDataError for bots of another kind. */
export type FreqtradeClientOf = (target: BotTarget) => FreqtradeClient;

/** Makes the clients of all bots. */
export function createFreqtradeClients(): FreqtradeClientOf {
  const clients = new Map<string, { readonly key: string; readonly client: FreqtradeClient }>();
  return ({ id, entry, readSecretFile }) => {
    const { kind, url, username, password_file } = entry;
    if (kind !== 'freqtrade' || username === undefined || password_file === undefined)
      throw new NoDataError('the bot is of another kind');
    const key = JSON.stringify([url, username, password_file]);
    const known = clients.get(id);
    if (known?.key === key) return known.client;
    const access = { url, username, readPassword: () => readSecretFile(password_file) };
    const client = withCollectorErrors(createFreqtradeClient(access));
    clients.set(id, { key, client });
    return client;
  };
}

function withCollectorErrors(client: FreqtradeClient): FreqtradeClient {
  return {
    durations: () => client.durations(),
    ping: (signal) => asCollectorError(client.ping(signal)),
    get: (path, shape, signal) => asCollectorError(client.get(path, shape, signal)),
  };
}
