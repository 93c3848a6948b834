import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A POST that arrived, with its JSON. */
export interface Received {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** Stands for all that Alertmanager posts to, and keeps what arrives. */
export interface HttpDouble {
  /** Such as http://127.0.0.1:1234, without a slash at the end. */
  readonly url: string;
  readonly received: Received[];
  /** Those whose path begins so. */
  receivedAt(path: string): Received[];
  stop(): Promise<void>;
}

/**
 * Starts it. It answers below /telegram as Telegram's Bot API does, below /refusing as that does where the chat is wrong, below /slack
 * with Slack's `ok`, and elsewhere with 200.
 */
export async function startHttpDouble(): Promise<HttpDouble> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const { url: path = '', headers } = request;
    json(request).then(
      (body) => {
        received.push({ path, authorization: headers.authorization, body });
        if (path.startsWith('/telegram')) {
          response.setHeader('content-type', 'application/json');
          response.end('{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":-100123,"type":"group"}}}');
        } else if (path.startsWith('/refusing')) {
          response.writeHead(400, { 'content-type': 'application/json' });
          response.end('{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}');
        } else response.end(path.startsWith('/slack') ? 'ok' : '');
      },
      () => response.writeHead(400).end('not JSON'),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    receivedAt: (path) => received.filter((one) => one.path.startsWith(path)),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
