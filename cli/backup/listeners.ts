import { once } from 'node:events';
import { connect } from 'node:net';
import { parseListenAddress } from '../../inventory/listen-address.ts';

const TIMEOUT_MS = 2000;

/** Those of some addresses of this machine, each `host:port`, where something listens. */
export async function listeners(addresses: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(addresses.map(isTaken));
  return addresses.filter((_, index) => answers[index]);
}

async function isTaken(address: string): Promise<boolean> {
  const { host, port } = parseListenAddress(address);
  const socket = connect({
    host: host === '' || host === '0.0.0.0' || host === '::' ? 'localhost' : host,
    port,
  });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
