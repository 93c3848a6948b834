import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { killProcessesIn } from '../../../lab/parts/kill-processes.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';

test('kills what works in the folder, also after it was removed, and nothing beside it', async () => {
  await using folder = await createTempFolder('steward-kill');
  const within = join(folder.path, 'running');
  await mkdir(within);
  const [inside, beside] = [within, folder.path].map((cwd) => spawn('sleep', ['300'], { cwd }));
  if (inside === undefined || beside === undefined) throw new Error('no child');
  await Promise.all([once(inside, 'spawn'), once(beside, 'spawn')]);
  const ended = once(inside, 'exit');
  await killProcessesIn(within);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect([beside.exitCode, beside.signalCode]).toEqual([null, null]);
  await folder.remove();
  const besideEnded = once(beside, 'exit');
  await killProcessesIn(folder.path);
  expect(await besideEnded).toEqual([null, 'SIGKILL']);
});
