import { readFile } from 'node:fs/promises';
import type { HostEntry } from '../inventory/schema/host.ts';
import { HostError, type Host } from './host.ts';
import { createLocalHost } from './local/local-host.ts';
import { createConnectionPool } from './ssh/connection-pool.ts';
import { createSshHost } from './ssh/ssh-host.ts';
import type { Role } from './verbs.ts';

/**
 * Makes a host of steward.yml usable, with the key of a role. Connects when the first command is run, and reads the key then.
 * `resolveFile` turns a path in steward.yml into one that can be opened.
 */
export function openHost(
  id: string,
  entry: HostEntry,
  role: Role,
  resolveFile: (path: string) => string,
): Host {
  if (entry.local === true) return createLocalHost(id, entry.user);
  const open = async (signal: AbortSignal) => {
    const address = {
      host: required(entry.address, id, 'address'),
      port: entry.port,
      user: entry.user,
      privateKey: await readKey(resolveFile(required(keyFile(entry, role), id, `${role}_key_file`))),
      hostKeyFingerprint: pinned(entry.host_key, id),
    };
    // A library of several megabytes, which a process that has nothing to do on a host does without.
    const { openSshConnection } = await import('./ssh/connection.ts');
    return openSshConnection(address, { signal });
  };
  return createSshHost(id, entry.user, createConnectionPool(open));
}

function keyFile(entry: HostEntry, role: Role): string | undefined {
  return role === 'read' ? entry.read_key_file : entry.act_key_file;
}

function pinned(hostKey: string | undefined, id: string): string {
  if (hostKey !== undefined) return hostKey;
  throw new HostError(
    'host_key_missing',
    `no host key is pinned for ${id}: run \`steward host trust ${id}\``,
  );
}

function required(value: string | undefined, id: string, key: string): string {
  if (value === undefined) throw new TypeError(`hosts.${id}.${key} is missing`);
  return value;
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new HostError(
      'key_file_unreadable',
      `the private key ${path} cannot be read; \`steward secrets\` makes it`,
      {
        cause,
      },
    );
  }
}
