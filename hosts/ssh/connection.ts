import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeSSH } from 'node-ssh';
import type { Client, ClientChannel } from 'ssh2';
import { HostError } from '../host.ts';
import type { SshAddress } from './address.ts';
import { connectError } from './connect-error.ts';
import { sshFingerprint } from './fingerprint.ts';
import { createLoss, type Loss } from './loss.ts';
import { openSocket } from './open-socket.ts';

/** One SSH connection, over which many commands run. */
export interface SshConnection {
  /**
   * Runs a line of shell in a new channel. Rejects with the code `unreachable` where the host surely did not start it,
   * and with `connection_lost` where it may have. `onOpen` is called in the very moment in which the channel opens: all that the host said may
   * have come in one piece, and an exit code that nobody listens for is lost. Where the host refuses the channel, it is asked again as long as the command
   * is still wanted.
   */
  execute(
    line: string,
    onOpen: (channel: ClientChannel) => void,
    isStillWanted: () => boolean,
  ): Promise<ClientChannel>;
  /** Whether it can still be used. */
  isOpen(): boolean;
  /** Calls the listener once when the connection is gone, with the reason. Returns what takes the listener off. */
  onLost(listener: (reason: string) => void): () => void;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const KEEPALIVE_MISSES = 3;
const MAX_REFUSALS = 10;
const REFUSAL_PAUSE_MS = 100;

/** How a connection is kept. */
interface ConnectionOptions {
  readonly keepaliveIntervalMs?: number;
  /** Ends it, also while it is being made. */
  readonly signal?: AbortSignal;
}

/**
 * Connects and logs in. Rejects with a HostError that says what is wrong; a changed host key is never accepted.
 * A connection that falls silent is given up after three keepalives without an answer.
 */
export async function openSshConnection(
  address: SshAddress,
  { keepaliveIntervalMs = 5000, signal }: ConnectionOptions = {},
): Promise<SshConnection> {
  const socket = await openSocket(address.host, address.port, CONNECT_TIMEOUT_MS, signal);
  const ssh = new NodeSSH();
  const keyCheck: { seen?: string } = {};
  const login = ssh.connect({
    sock: socket,
    username: address.user,
    ...(address.privateKey === undefined ? {} : { privateKey: address.privateKey }),
    ...(address.agent === undefined ? {} : { agent: address.agent }),
    readyTimeout: CONNECT_TIMEOUT_MS,
    keepaliveInterval: keepaliveIntervalMs,
    keepaliveCountMax: KEEPALIVE_MISSES,
    hostVerifier: (key: Buffer) => {
      keyCheck.seen = sshFingerprint(key);
      return keyCheck.seen === address.hostKeyFingerprint;
    },
  });
  const { connection: client } = ssh;
  // Before the login ends: node-ssh takes its own error listener off then, and an error without one ends this process.
  const loss = client === null ? createLoss() : lossOf(client);
  try {
    await login;
    if (client === null || loss.hasHappened()) throw new Error('the connection was lost during the login');
    return connectionOver(client, socket, loss);
  } catch (cause) {
    socket.destroy();
    throw connectError(address, keyCheck.seen, cause);
  }
}

function lossOf(client: Client): Loss {
  const loss = createLoss();
  client.on('error', (error: Error) => loss.note(error.message));
  client.on('close', () => loss.note('the connection was closed'));
  client.on('end', () => loss.note('the connection was ended by the host'));
  return loss;
}

function connectionOver(client: Client, socket: Socket, loss: Loss): SshConnection {
  return {
    isOpen: () => !loss.hasHappened(),
    onLost: (listener) => loss.listen(listener),
    close() {
      loss.note('the connection was closed by us');
      client.end();
      socket.destroy();
    },
    execute: (line, onOpen, isStillWanted) => openChannel(client, line, onOpen, isStillWanted),
  };
}

/**
 * sshd counts a session for a moment longer than its channel is open, and refuses one more than MaxSessions. What was refused has
 * started nothing, so it is safe to ask again, for about a second.
 */
async function openChannel(
  client: Client,
  line: string,
  onOpen: (channel: ClientChannel) => void,
  isStillWanted: () => boolean,
): Promise<ClientChannel> {
  for (let refusals = 0; ; refusals += 1) {
    try {
      return await requestChannel(client, line, onOpen);
    } catch (error) {
      if (refusals >= MAX_REFUSALS || !isRefusal(error)) throw error;
      await delay(REFUSAL_PAUSE_MS);
      if (!isStillWanted()) throw error;
    }
  }
}

function requestChannel(
  client: Client,
  line: string,
  onOpen: (channel: ClientChannel) => void,
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    try {
      client.exec(line, (error, channel) => {
        if (error) {
          reject(notExecuted(error));
          return;
        }
        onOpen(channel);
        resolve(channel);
      });
    } catch (cause) {
      // ssh2 throws where it has no connection, before anything is sent.
      reject(new HostError('unreachable', 'the connection is not open', { cause }));
    }
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof HostError && error.code === 'unreachable' && error.message.startsWith('no channel');
}

/** Only the refusal of the channel, which carries a number, proves that the command was not started. */
function notExecuted(error: Error): HostError {
  const wasRefused = 'reason' in error && typeof error.reason === 'number';
  const code = wasRefused ? 'unreachable' : 'connection_lost';
  return new HostError(code, `no channel: ${error.message}`, { cause: error });
}
