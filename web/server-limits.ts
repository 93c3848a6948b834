/** What a server grants its clients, times in milliseconds. */
export interface ServerLimits {
  /** Until TLS is agreed on. */
  readonly handshakeTimeout: number;
  /** Until the headers of a request are there. */
  readonly headersTimeout: number;
  /** Until a whole request is there. */
  readonly requestTimeout: number;
  /** How often the two above are looked after. */
  readonly connectionsCheckingInterval: number;
  /** How long a connection may stay open between two requests. */
  readonly keepAliveTimeout: number;
  /** How long nothing may move on a connection; longer than the longest answer takes to come. */
  readonly idleTimeout: number;
  readonly maxHeaderSize: number;
  readonly maxConnections: number;
  /** From one address, so that one client cannot take all of them. */
  readonly maxConnectionsFromOne: number;
  readonly maxRequestsPerSocket: number;
}

/**
 * The limits of both services. A connection outlives a scrape interval of a minute. An answer may take two minutes, the
 * exporter's longest, and Prometheus opens a connection for each target that it scrapes at the same time.
 */
export const serverLimits: ServerLimits = {
  handshakeTimeout: 10_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 75_000,
  idleTimeout: 150_000,
  maxHeaderSize: 16_384,
  maxConnections: 1_000,
  maxConnectionsFromOne: 800,
  maxRequestsPerSocket: 1_000,
};
