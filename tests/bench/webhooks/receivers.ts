import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../../lab/parts/process.ts';
import { IMAGE_FLAGS, IMAGE_MALLOC } from '../../../lab/stack/servers.ts';
import { startRemediator, type RunningRemediator } from '../../remediator/process/running-remediator.ts';
import { cpuSecondsOfTree } from '../cpu-time.ts';
import type { Load } from './load.ts';

/** Something that takes webhooks, and the status that it answers with. */
export interface Receiver {
  readonly process: RunningProcess;
  readonly address: Pick<Load, 'port' | 'path' | 'authorization'>;
  readonly status: string;
}

const TOKEN = 'webhook-token';

/** The remediator as its image runs it, as stripped JavaScript, on a journal of its own. */
export async function startOurs(
  folder: string,
  inventory: object,
): Promise<Receiver & { readonly remediator: RunningRemediator }> {
  const main = join(import.meta.dirname, '../../../dist/remediator/main.js');
  const remediator = await startRemediator({
    folder,
    inventory,
    main,
    flags: IMAGE_FLAGS.remediator,
    prefix: [IMAGE_MALLOC],
  });
  const port = Number(new URL(remediator.url).port);
  return {
    remediator,
    process: remediator.process,
    address: { port, path: '/webhook', authorization: `Bearer ${TOKEN}` },
    status: '202',
  };
}

/**
 * Debian's `webhook`, which looks at the token, too, and runs `true`. It answers before it has started that, and records nothing.
 */
export async function startTheirs(folder: string): Promise<Receiver> {
  const port = await freePort();
  const authorization = `Bearer ${TOKEN}`;
  const parameter = { source: 'header', name: 'Authorization' };
  const hook = {
    id: 'alert',
    'execute-command': '/bin/true',
    'trigger-rule': { match: { type: 'value', value: authorization, parameter } },
    'trigger-rule-mismatch-http-response-code': 401,
  };
  await writeFile(join(folder, 'hooks.json'), JSON.stringify([hook]));
  const started = await startProcess({
    name: 'webhook',
    argv: ['webhook', '-hooks', join(folder, 'hooks.json'), '-ip', '127.0.0.1', '-port', String(port)],
    logFile: join(folder, 'webhook.log'),
    debianPackage: 'webhook',
  });
  await started.untilReady(async () => (await fetch(`http://127.0.0.1:${port}/`)).ok);
  return { process: started, address: { port, path: '/hooks/alert', authorization }, status: '200' };
}

const LOOK_MS = 100;
const QUIET_LOOKS = 5;
/** The kernel counts in hundredths of a second. */
const QUIET_CPU_SECONDS = 0.011;

/**
 * Waits until a process, and what it has started, has nothing left to do from the last load, and resolves with when it had nothing left, on the
 * clock of performance.now().
 */
export async function untilQuiet({ pid }: RunningProcess): Promise<number> {
  let [busyUntil, quiet, before] = [performance.now(), 0, await cpuSecondsOfTree(pid)];
  while (quiet < QUIET_LOOKS) {
    await delay(LOOK_MS);
    const now = await cpuSecondsOfTree(pid);
    quiet = now - before <= QUIET_CPU_SECONDS ? quiet + 1 : 0;
    if (quiet === 0) busyUntil = performance.now();
    before = now;
  }
  return busyUntil;
}
