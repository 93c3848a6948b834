import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { recordedLabs } from './stack/leftovers.ts';

/** Takes the names of faults from other commands, for a demo that is running. */
export async function listenForFaults(path: string, onFault: (name: string) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    void text(socket).then((name) => {
      onFault(name.trim());
      socket.end('broken\n');
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return server;
}

/** Asks the demo that is running to break its site. Rejects where none is running. */
export async function sendFault(name: string): Promise<void> {
  const running = (await recordedLabs()).find(
    ({ isRunning, state }) => isRunning && existsSync(state.controlSocket),
  );
  if (running === undefined) throw new Error('no demo is running here; start one with: npm run demo');
  const socket = connect(running.state.controlSocket);
  socket.end(name);
  await text(socket);
}
