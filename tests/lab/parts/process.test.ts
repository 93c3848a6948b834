import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startProcess } from '../../../lab/parts/process.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { processesWith } from '../../helpers/processes.ts';

let folder: TempFolder;
beforeAll(async () => {
  folder = await createTempFolder('steward-process');
});
afterAll(() => folder.remove());

describe('startProcess', () => {
  test('runs a program whose output goes to its log, and stops it', async () => {
    const running = await startProcess({
      name: 'clock',
      argv: ['sh', '-c', 'echo ready; exec sleep 300'],
      logFile: join(folder.path, 'clock.log'),
    });
    await running.untilReady(() => Promise.resolve(running.logTail().includes('ready')));
    await running.stop();
    expect(await running.ended).toEqual({ exitCode: null, signal: 'SIGTERM' });
  });

  test('kills what does not end by SIGTERM', async () => {
    const running = await startProcess({
      name: 'deaf',
      argv: ['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'],
      logFile: join(folder.path, 'deaf.log'),
    });
    await running.untilReady(() => Promise.resolve(running.logTail().includes('ready')));
    await running.stop(10);
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
  });

  test('names the package and shows the log where the program is missing', async () => {
    const running = await startProcess({
      name: 'prometheus',
      argv: ['/nonexistent/prometheus'],
      logFile: join(folder.path, 'missing.log'),
      debianPackage: 'prometheus',
    });
    const ready = running.untilReady(() => Promise.resolve(false));
    await expect(ready).rejects.toThrow(/package prometheus.*\n.*\/nonexistent\/prometheus/);
  });

  test('the child ends when its parent is killed', async () => {
    const marker = `steward-${randomUUID()}`;
    const parent = join(import.meta.dirname, '../../../lab/parts/process.ts');
    const script = `
      const { startProcess } = await import(${JSON.stringify(parent)});
      const argv = ['sh', '-c', 'while :; do sleep 1; done', ${JSON.stringify(marker)}.toUpperCase()];
      await startProcess({ name: 'child', argv, logFile: ${JSON.stringify(join(folder.path, 'child.log'))} });`;
    const running = await startProcess({
      name: 'parent',
      argv: [process.execPath, '--input-type=module', '-e', script],
      logFile: join(folder.path, 'parent.log'),
    });
    const child = () => processesWith(marker.toUpperCase());
    await running.untilReady(async () => (await child()).length > 0);
    running.kill('SIGKILL');
    const gone = await waitUntil(async () => (await child()).length === 0, { what: 'the child to be gone' });
    expect(gone).toBe(true);
  });
});
