import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';

/** Passes what comes to a port on all addresses on to a port of loopback, where the lab's servers listen. */
export async function forward(from: number, to: number): Promise<Server> {
  const server = createServer((incoming) => {
    const outgoing = connect(to, '127.0.0.1');
    const end = () => {
      incoming.destroy();
      outgoing.destroy();
    };
    incoming.on('error', end).on('close', end);
    outgoing.on('error', end).on('close', end);
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(from, '0.0.0.0');
  await once(server, 'listening');
  return server;
}
