import type { Host } from './host.ts';
import type { SshAddress } from './ssh/address.ts';
import { createConnectionPool } from './ssh/connection-pool.ts';
import { createSshHost } from './ssh/ssh-host.ts';

/** A host as its operator reaches it, with a login of their own, before Steward has an account there. Connects when the first command is run. */
export function openOperatorHost(id: string, address: SshAddress): Host {
  const open = async (signal: AbortSignal) => {
    const { openSshConnection } = await import('./ssh/connection.ts');
    return openSshConnection(address, { signal });
  };
  return createSshHost(id, address.user, createConnectionPool(open));
}
