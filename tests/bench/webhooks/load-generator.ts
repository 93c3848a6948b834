import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../figure.ts';
import { Connection } from './connection.ts';
import { webhookBody, type Load, type LoadResult } from './load.ts';

/**
 * Sends webhooks, and tells what came of it. It is a process of its own, so that what it costs is not taken from the server's event loop. With a
 * pace, a request that is due while all connections wait for answers is sent late, and the time that it waited counts.
 */
async function generate(load: Load): Promise<LoadResult> {
  const loopDelay = monitorEventLoopDelay({ resolution: 1 });
  const statuses: Record<string, number> = {};
  const milliseconds: number[] = [];
  const start = performance.now();
  let sent = 0;
  loopDelay.enable();

  async function keepSending(): Promise<void> {
    const connection = new Connection(load.port);
    try {
      while (sent < load.requests) {
        const number = sent;
        const due = load.perSecond === 0 ? performance.now() : start + (number * 1000) / load.perSecond;
        if (due - start >= load.seconds * 1000) return;
        sent += 1;
        if (due > performance.now()) await delay(due - performance.now());
        const status = await connection.send(request(load, load.first + (number % load.distinct)));
        milliseconds.push(performance.now() - due);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    } finally {
      connection.close();
    }
  }

  await Promise.all(Array.from({ length: load.connections }, keepSending));
  return {
    statuses,
    seconds: (performance.now() - start) / 1000,
    median: quantile(milliseconds, 0.5),
    p99: quantile(milliseconds, 0.99),
    slowest: quantile(milliseconds, 1),
    generatorLate: loopDelay.percentile(99) / 1e6,
  };
}

function request({ path, authorization }: Load, number: number): string {
  const body = webhookBody(number);
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Alertmanager\r\nContent-Type: application/json\r\nAuthorization: ${authorization}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const result = await generate(JSON.parse(process.argv[2] ?? '') as Load);
process.stdout.write(JSON.stringify(result));
