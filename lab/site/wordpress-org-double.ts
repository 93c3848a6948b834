import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';

/**
 * The checksums of wordpress.org, in the shapes that it answers in: https://codex.wordpress.org/WordPress.org_API#Checksum for WordPress itself,
 * and `/plugin-checksums/<slug>/<version>.json` for plugins.
 */
export interface WordPressOrgDouble {
  readonly url: string;
  /** By path and query: what it answers with status 200, a Buffer as it is and all else as JSON; a function is asked for it. Of what is not there it says what wordpress.org says of what it does not know. */
  readonly answers: Map<string, unknown>;
  /** Replaces every answer by something that is none. */
  fault: ((response: ServerResponse) => void) | undefined;
  /** The paths that were asked for, in order. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** Starts it on a free port of loopback. */
export async function startWordPressOrgDouble(): Promise<WordPressOrgDouble> {
  const answers = new Map<string, unknown>();
  const asked: string[] = [];
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');

  function answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    asked.push(url);
    if (double.fault !== undefined) double.fault(response);
    else if (answers.has(url)) void answerOf(url).then((body) => send(response, 200, body));
    else if (url.startsWith('/core/')) send(response, 200, { checksums: false });
    else response.writeHead(404, { 'content-type': 'text/html' }).end('<html>404 Not Found</html>');
  }

  async function answerOf(url: string): Promise<unknown> {
    const value = answers.get(url);
    return typeof value === 'function' ? await (value as () => Promise<unknown>)() : value;
  }

  const double: WordPressOrgDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    fault: undefined,
    asked,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return double;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (Buffer.isBuffer(body)) response.writeHead(status, { 'content-type': 'application/gzip' }).end(body);
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** The MD5 of each file below a folder, by its path there: what `checksums` holds in its answers. */
export async function checksumsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hashed = files.map(async (file) => [
    relative(folder, file),
    createHash('md5')
      .update(await readFile(file))
      .digest('hex'),
  ]);
  return Object.fromEntries((await Promise.all(hashed)) as [string, string][]);
}
