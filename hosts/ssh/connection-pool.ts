import { HostError } from '../host.ts';
import { abortable } from './abortable.ts';
import type { SshConnection } from './connection.ts';
import { createTurns } from './turns.ts';

/** One connection to one host: opened when it is first needed, shared by all commands, opened again after a loss. */
export interface ConnectionPool {
  /**
   * Runs a use of the connection, at most so many at once; others wait for their turn. The signal ends the wait for the
   * turn and for the connection, not the use.
   */
  use<Result>(work: (connection: SshConnection) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  close(): void;
}

/** sshd's MaxSessions is 10 by default, for one connection; a channel that is being closed still counts. */
const MAX_CHANNELS = 8;
/** After a failed connect, the next is not tried before this time, so that a dead host is not hammered. */
const BACK_OFF_MS = 1000;

/** Makes the pool of a host. `open` connects, and stops that with the signal; `now` is a monotonic clock in milliseconds. */
export function createConnectionPool(
  open: (signal: AbortSignal) => Promise<SshConnection>,
  now: () => number = () => performance.now(),
): ConnectionPool {
  let opened: SshConnection | undefined;
  let opening: Promise<SshConnection> | undefined;
  let lastFailure: { error: unknown; atMs: number } | undefined;
  const abort = new AbortController();
  let closed = false;
  const turns = createTurns(MAX_CHANNELS);

  async function connection(): Promise<SshConnection> {
    if (closed) throw new HostError('aborted', 'the host is no longer in use');
    if (opened?.isOpen() === true) return opened;
    if (lastFailure !== undefined && now() - lastFailure.atMs < BACK_OFF_MS) throw lastFailure.error;
    // Whoever asks while a connect is under way gets the same one.
    opening ??= connect().finally(() => (opening = undefined));
    return opening;
  }

  async function connect(): Promise<SshConnection> {
    try {
      opened = await open(abort.signal);
      lastFailure = undefined;
      if (closed) opened.close();
      return opened;
    } catch (error) {
      lastFailure = { error, atMs: now() };
      throw error;
    }
  }

  return {
    async use(work, signal) {
      await turns.take(signal);
      try {
        return await work(await abortable(connection(), signal));
      } finally {
        turns.giveBack();
      }
    },
    close() {
      closed = true;
      opened?.close();
      // A host that is silent would keep this process waiting for it.
      abort.abort();
    },
  };
}
