import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { RunningRemediator } from './running-remediator.ts';
import { alert, useStage, violations } from './stage.ts';

const stage = useStage();
/** As long as a clean stop may take; docker-compose.yml gives 30 seconds. */
const GRACE_MS = 5000;

/** Something that takes connections and never answers. */
let silent: Server;
let sockets: Socket[];
beforeEach(async () => {
  sockets = [];
  silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  silent.close();
});

function silentUrl(): string {
  const { port } = silent.address() as { port: number };
  return `http://127.0.0.1:${port}`;
}

const untilSilentIsAsked = () =>
  waitUntil(() => sockets.length > 0, { what: 'what never answers to be asked' });

async function start(change: object): Promise<RunningRemediator> {
  return stage.start({ inventory: stage.inventory(change) });
}

/** Ends it as `docker stop --time 5` would. Who needs longer is killed. */
async function stopInTime({ process }: RunningRemediator): Promise<unknown> {
  await process.stop(GRACE_MS);
  return process.ended;
}

describe('stopped in the midst of a run, it ends cleanly within 5 seconds, and the run is kept', () => {
  test('while a command runs on the host', async () => {
    await stage.host.hold();
    const remediator = await start({});
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    expect(await stopInTime(remediator)).toEqual({ exitCode: 0, signal: null });
    await stage.host.letGo();
    stage.page.set(violations, 0);
    const again = await stage.restart();
    expect(await again.untilClosed()).toMatchObject({ outcome: 'verified' });
    expect(await stage.host.calls()).toHaveLength(1);
  });

  test('while the fix is proved', async () => {
    const remediator = await start({});
    await remediator.deliver(alert);
    await remediator.untilRun(({ state }) => state === 'verifying');
    expect(await stopInTime(remediator)).toEqual({ exitCode: 0, signal: null });
    stage.page.set(violations, 0);
    const again = await stage.restart();
    expect(await again.untilClosed()).toMatchObject({ outcome: 'verified' });
    expect(await stage.host.calls()).toHaveLength(1);
  });

  test.each<{ what: string; change: () => object }>([
    { what: 'Prometheus', change: () => ({ prometheus: { url: silentUrl() } }) },
    { what: 'the exporter', change: () => ({ exporter: { url: silentUrl() } }) },
  ])('while $what does not answer', async ({ change }) => {
    const remediator = await start(change());
    await remediator.deliver(alert);
    await untilSilentIsAsked();
    expect(await stopInTime(remediator)).toEqual({ exitCode: 0, signal: null });
    const again = await stage.restart();
    expect(await again.runs()).toMatchObject([{ alertStatus: 'firing', outcome: null }]);
  });

  test('while the host does not answer: nothing was started there, and that is known', async () => {
    const { port } = silent.address() as { port: number };
    const remediator = await start({ hosts: { web1: { ...stage.host.entry, port } } });
    await remediator.deliver(alert);
    await untilSilentIsAsked();
    expect(await stopInTime(remediator)).toEqual({ exitCode: 0, signal: null });
    const again = await stage.restart();
    expect(await again.runs()).toMatchObject([{ outcome: 'failed', reason: 'not_started' }]);
  });

  test('while whom it tells does not answer', async () => {
    await writeFile(join(stage.folder.path, 'notify_key'), 'key');
    const notify = { webhook: { url: silentUrl(), secret_file: join(stage.folder.path, 'notify_key') } };
    const remediator = await start({ notify });
    await remediator.deliver(alert);
    await stage.host.untilCalled(1);
    stage.page.set(violations, 0);
    await untilSilentIsAsked();
    expect(await stopInTime(remediator)).toEqual({ exitCode: 0, signal: null });
  });
});
