import type { PhpFpmEntry } from '../../inventory/schema/php-fpm.ts';

/** How a host asks a pool: an address that begins with unix://, tcp:// or http://, and the path of the status there. */
export interface PhpFpmEndpoint {
  readonly address: string;
  readonly statusPath: string;
}

/** Where the pool of a site is asked; both are empty where steward.yml names none. */
export function phpFpmEndpoint(pool: PhpFpmEntry | undefined): PhpFpmEndpoint {
  if (pool?.status_url !== undefined) {
    const { host, pathname } = new URL(pool.status_url);
    return { address: `http://${host}`, statusPath: pathname };
  }
  const statusPath = pool?.status_path ?? '';
  if (pool?.address !== undefined) return { address: `tcp://${pool.address}`, statusPath };
  return { address: pool?.socket === undefined ? '' : `unix://${pool.socket}`, statusPath };
}
