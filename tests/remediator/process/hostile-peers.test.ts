import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { alert, useStage, violations } from './stage.ts';
import { startTcpProxy } from '../../helpers/tcp-proxy.ts';

const stage = useStage();
const TEN_MB = 10_000_000;

/** Sends a webhook of 10 MB with what stands in the head, and resolves with the status of the answer. */
async function sendTenMegabytes(url: string, head: string, body: (chunk: string) => string): Promise<number> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST /webhook HTTP/1.1\r\nhost: a\r\nauthorization: Bearer webhook-token\r\n${head}\r\n\r\n`);
  for (let sent = 0; sent < TEN_MB && socket.writable; sent += 100_000)
    socket.write(body('x'.repeat(100_000)));
  // The last chunk is an empty one.
  socket.write(body(''));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(answer.toString().split(' ')[1]);
}

async function mostMemoryMb(pid: number): Promise<number> {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

test('bodies of 10 MB are refused without being kept, whether they say how long they are or not', async () => {
  const remediator = await stage.start();
  const chunked = (chunk: string) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  const before = await mostMemoryMb(remediator.process.pid);
  for (let times = 0; times < 10; times += 1) {
    const plain = sendTenMegabytes(remediator.url, `content-length: ${TEN_MB}`, (chunk) => chunk);
    expect(await plain).toBe(413);
    expect(await sendTenMegabytes(remediator.url, 'transfer-encoding: chunked', chunked)).toBe(413);
  }
  // Of 200 MB nothing stays, but what the collector of garbage has not come to yet.
  expect((await mostMemoryMb(remediator.process.pid)) - before).toBeLessThan(100);
  expect(await remediator.deliver(alert)).toBe(202);
});

test('a host that has answered, and says nothing more while its command runs: what Prometheus sees settles it, and it is sent once', async () => {
  const proxy = await startTcpProxy(Number(stage.host.entry['port']));
  try {
    const hosts = { web1: { ...stage.host.entry, port: proxy.port } };
    const remediator = await stage.start({ inventory: stage.inventory({ hosts }) });
    await stage.host.hold();
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    proxy.swallow();
    await stage.host.letGo();
    stage.page.set(violations, 0);
    // The connection is asked for a sign of life each 5 seconds, and given up after three without one.
    await waitUntil(() => remediator.process.logTail().includes('Keepalive timeout'), {
      ...{ what: 'the connection to be given up', timeoutMs: 40_000 },
    });
    const run = await remediator.untilClosed();
    expect(run).toMatchObject({ outcome: 'verified' });
    expect(run.events.find(({ kind }) => kind === 'acted')?.data).toMatchObject({ outcome: 'unknown' });
    expect(await stage.host.calls()).toHaveLength(1);
  } finally {
    await proxy.close();
  }
}, 60_000);
