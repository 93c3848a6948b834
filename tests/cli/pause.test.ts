import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { steward } from '../helpers/steward-command.ts';
import { startRemediator, type RunningRemediator } from '../remediator/process/running-remediator.ts';

let folder: TempFolder;
let remediator: RunningRemediator;
beforeAll(async () => {
  folder = await createTempFolder('steward-cli-pause');
  remediator = await startRemediator({ folder: folder.path, inventory: {} });
});
afterAll(async () => {
  await remediator.process.stop();
  await folder.remove();
});
const call = (...args: string[]) => steward(folder.path, ...args);
const isPaused = async () =>
  /^steward_remediator_paused (\d)$/m.exec(await (await fetch(`${remediator.url}/metrics`)).text())?.[1];

describe('steward pause and resume', () => {
  test('hold back what would start, are seen, and outlive a restart', async () => {
    expect(await isPaused()).toBe('0');
    const paused = call('pause', '--for', '2h', '--reason', 'disks are swapped');
    expect(paused).toMatchObject({ status: 0, stderr: '' });
    expect(paused.stdout).toMatch(/^Paused by \S+ since \S+Z, until \S+Z: disks are swapped\n$/);
    expect(await isPaused()).toBe('1');
    expect(call('runs').stderr).toContain(paused.stdout);
    await remediator.process.stop();
    remediator = await startRemediator({ folder: folder.path, inventory: {} });
    expect(await isPaused()).toBe('1');
    expect(call('resume')).toEqual({ status: 0, stdout: 'the pause has ended\n', stderr: '' });
    expect(call('resume')).toEqual({ status: 0, stdout: 'there was no pause\n', stderr: '' });
    expect(await isPaused()).toBe('0');
  });

  test.each(['soon', '0s', '-1h'])('a pause for %j is refused', async (duration) => {
    const { status, stderr } = call('pause', `--for=${duration}`);
    expect([status, stderr]).toEqual([1, `--for takes a duration such as 2h or 1d12h, not "${duration}"\n`]);
    expect(await isPaused()).toBe('0');
  });

  test('what is no request of ours changes nothing', async () => {
    const post = (body: string, headers: Record<string, string>) =>
      fetch(`${remediator.url}/api/pause`, { method: 'POST', body, headers });
    expect((await post('{"by":"x"}', { 'content-type': 'application/json' })).status).toBe(401);
    expect(await isPaused()).toBe('0');
  });
});
