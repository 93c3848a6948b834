import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an API was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An API on loopback that answers as a test says. */
export interface ScriptedApi {
  readonly url: string;
  readonly asked: Asked[];
  answer: (request: Asked, response: ServerResponse) => void;
  stop(): Promise<void>;
}

/** Starts it; it says 404 until it is told otherwise. */
export async function startScriptedApi(): Promise<ScriptedApi> {
  const server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const api: ScriptedApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer: (_request, response) => void response.writeHead(404).end(),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString();
    const { method = '', url = '', headers } = request;
    const asked = { method, url, headers, body };
    api.asked.push(asked);
    api.answer(asked, response);
  }

  return api;
}
