import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy in front of a server on loopback, which can break what goes through it. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections were made so far. */
  connections(): number;
  /** Ends all connections by a TCP reset. */
  reset(): void;
  /** From now on lets no byte through in either direction, and says nothing of it. */
  swallow(): void;
  /** From now on lets nothing through, on new connections neither. */
  cutOff(): void;
  /** Lets new connections through again, and resets those that were cut off. */
  mend(): void;
  close(): Promise<void>;
}

/** Starts it, on that port or on one that is free. */
export async function startTcpProxy(targetPort: number, ownPort = 0): Promise<TcpProxy> {
  const pairs: [Socket, Socket][] = [];
  let isCutOff = false;
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    if (!isCutOff) client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    pairs.push([client, upstream]);
  });
  server.listen(ownPort, '127.0.0.1');
  await once(server, 'listening');
  const reset = (): void => {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  };
  const swallow = (): void => {
    for (const [client, upstream] of pairs) {
      client.unpipe();
      upstream.unpipe();
      client.on('data', () => undefined);
      upstream.on('data', () => undefined);
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => pairs.length,
    reset,
    swallow,
    cutOff() {
      isCutOff = true;
      swallow();
    },
    mend() {
      isCutOff = false;
      reset();
    },
    async close() {
      for (const socket of pairs.flat()) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
