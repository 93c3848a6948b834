import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isClientAllowed } from './client-certificate.ts';
import { serverLimits, type ServerLimits } from './server-limits.ts';
import type { WebConfigFile } from './web-config-file.ts';

/** What a server is made of. */
export interface WebServerOptions {
  readonly app: RequestListener;
  /** Undefined for plain HTTP. */
  readonly config: WebConfigFile | undefined;
  readonly limits?: ServerLimits;
}

/** Makes the server of a service, over TLS where its web configuration asks for it. What listens is up to the caller. */
export function createWebServer({ app, config, limits = serverLimits }: WebServerOptions): Server {
  const isTls = config?.current().tls !== undefined;
  const server = isTls ? tlsServer(app, config, limits) : createServer(limits, app);
  server.maxConnections = limits.maxConnections;
  limitAddresses(server, limits.maxConnectionsFromOne);
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket;
  server.setTimeout(limits.idleTimeout);
  return server;
}

function tlsServer(app: RequestListener, config: WebConfigFile, limits: ServerLimits): Server {
  let shown = config.current().tls;
  const clientAuth = shown?.clientAuth ?? 'NoClientCert';
  const server = createTlsServer(
    {
      ...limits,
      ...shown?.context,
      requestCert: clientAuth !== 'NoClientCert',
      // Who may be let in is decided below, since OpenSSL knows fewer ways.
      rejectUnauthorized: false,
    },
    app,
  );
  // Before the listener of the server itself, so that this very connection gets the new certificate.
  server.prependListener('connection', () => {
    const { tls } = config.current();
    if (tls === undefined || tls === shown) return;
    shown = tls;
    server.setSecureContext(tls.context);
  });
  server.prependListener('secureConnection', (socket) => {
    if (shown === undefined || !isClientAllowed(socket, shown)) socket.destroy();
  });
  return server;
}

/** Closes connections beyond those that one address may have. */
function limitAddresses(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.prependListener('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 0) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (count > most) socket.destroy();
  });
}
