import { basicAuthorization } from '../../inventory/authorization.ts';
import type { LoadedInventory } from '../../inventory/load.ts';
import { readSecret } from '../../inventory/secret.ts';
import type { PrometheusAddress } from './prometheus-client.ts';

/** Where steward.yml has Prometheus, with its password. Rejects where that cannot be read. */
export async function prometheusAddress({
  inventory,
  resolveFile,
}: LoadedInventory): Promise<PrometheusAddress> {
  const { url, username, password_file } = inventory.prometheus;
  return { url, authorization: basicAuthorization(username, await readSecret(resolveFile(password_file))) };
}
