import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of metrics that a test writes and Prometheus scrapes. */
export interface MetricsPage {
  readonly port: number;
  /** Sets a series, written as Prometheus writes it: `up_to{instance="a"}`. It stays until it is deleted. */
  set(series: string, value: number | string): void;
  delete(series: string): void;
  /** From now on each scrape fails, or succeeds again. */
  setBroken(isBroken: boolean): void;
  /** How many scrapes were answered. */
  scrapes(): number;
  stop(): Promise<void>;
}

/** Serves a page on loopback, empty at first. */
export async function startMetricsPage(): Promise<MetricsPage> {
  const series = new Map<string, number | string>();
  let isBroken = false;
  let scrapes = 0;
  const server = createServer((_request, response) => {
    response.statusCode = isBroken ? 500 : 200;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end([...series].map(([name, value]) => `${name} ${value}\n`).join(''));
    scrapes += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    set: (name, value) => void series.set(name, value),
    delete: (name) => void series.delete(name),
    setBroken: (broken) => {
      isBroken = broken;
    },
    scrapes: () => scrapes,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
