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
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs: [Socket, Socket][] = [];
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    pairs.push([client, upstream]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => pairs.length,
    reset() {
      for (const [client, upstream] of pairs) {
        client.resetAndDestroy();
        upstream.destroy();
      }
    },
    swallow() {
      for (const [client, upstream] of pairs) {
        client.unpipe();
        upstream.unpipe();
        client.on('data', () => undefined);
        upstream.on('data', () => undefined);
      }
    },
    async close() {
      for (const socket of pairs.flat()) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
