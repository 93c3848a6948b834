import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ServerLimits } from '../../web/server-limits.ts';
import { openWebConfig } from '../../web/web-config-file.ts';
import { createWebHandlers } from '../../web/web-handlers.ts';
import { createWebServer } from '../../web/web-server.ts';

/** A small service behind a web configuration. */
export interface WebService {
  readonly port: number;
  /** Paths of the requests that reached it. */
  readonly seen: string[];
  /** What was logged. */
  readonly log: string[];
  /** Writes the web configuration anew. */
  configure(text: string): Promise<void>;
  close(): void;
}

/** Starts it in a folder; without a text it has no web configuration. */
export async function startWebService(
  folder: string,
  text: string | undefined,
  limits?: ServerLimits,
): Promise<WebService> {
  const file = join(folder, 'web.yml');
  const [seen, log]: [string[], string[]] = [[], []];
  const configure = (changed: string) => writeFile(file, changed);
  if (text !== undefined) await configure(text);
  const keep = (message: string) => void log.push(message);
  const config = text === undefined ? undefined : openWebConfig(file, { info: keep, error: keep });
  const { setHeaders, authenticate } = createWebHandlers(config);
  const answer: RequestListener = (request, response) => {
    seen.push(request.url ?? '');
    response.end('hello');
  };
  const app: RequestListener = (request, response) => {
    void setHeaders(
      request,
      response,
      () => void authenticate(request, response, () => answer(request, response)),
    );
  };
  const server = createWebServer({ app, config, ...(limits === undefined ? {} : { limits }) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    log,
    configure,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
