import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { steward } from '../helpers/steward-command.ts';
import { makeAlert } from '../remediator/alerts.ts';
import { startRemediator, type RunningRemediator } from '../remediator/process/running-remediator.ts';

let folder: TempFolder;
let remediator: RunningRemediator;
let id = '';
beforeAll(async () => {
  folder = await createTempFolder('steward-cli-runs');
  remediator = await startRemediator({ folder: folder.path, inventory: {} });
  await remediator.deliver(makeAlert({ alertname: 'Odd', instance: 'blog\u001b[2J' }));
  ({ id } = await remediator.untilRun(({ reason }) => reason !== null));
});
afterAll(async () => {
  await remediator.process.stop();
  await folder.remove();
});
const call = (...args: string[]) => steward(folder.path, ...args);

describe('steward tells of runs', () => {
  test('all of them, in a line each that cannot steer the terminal', () => {
    const { status, stdout } = call('runs');
    expect(status).toBe(0);
    expect(stdout).toContain(`${id}  Odd blog\u{fffd}[2J  -  no_policy\n`);
  });

  test('one of them, with its events', () => {
    const { status, stdout } = call('run', id);
    expect(status).toBe(0);
    expect(stdout).toContain(`run ${id}\nalert Odd blog\u{fffd}[2J, firing`);
    expect(stdout).toMatch(/blocked {2}\{"reason":"no_policy"\}\n$/);
  });

  test('why, by the run or by the name of the alert', () => {
    const expected = {
      status: 0,
      stderr: '',
      stdout: `run ${id}, Odd blog\u{fffd}[2J\nNo policy matches this alert: it is left to people.\nIf it came now: No policy matches this alert: it is left to people.\n`,
    };
    expect(call('why', id)).toEqual(expected);
    expect(call('why', 'Odd')).toEqual(expected);
    expect(call('why', 'Odd', 'elsewhere')).toMatchObject({ status: 1 });
  });

  test.each([['runs'], ['run', 'ID'], ['why', 'ID']])('for machines: %s', (...words) => {
    const { status, stdout } = call(...words.map((word) => word.replace('ID', id)), '--json');
    expect(status).toBe(0);
    expect(JSON.stringify(JSON.parse(stdout))).toContain(id);
  });

  test.each([
    [['run', 'none'], 'there is no such run\n'],
    [['run', '../../metrics'], 'there is no such run\n'],
    [
      ['why', 'none'],
      expect.stringMatching(/^no run of that name is known, and Prometheus cannot be asked.*\n$/),
    ],
  ])('%j is not there', (args, stderr) => {
    expect(call(...args)).toEqual({ status: 1, stdout: '', stderr });
  });

  test('says what to mend where the password is another one, and where nobody answers', async () => {
    const config = join(folder.path, 'other.yml');
    await writeFile(join(folder.path, 'secrets', 'wrong'), 'wrong');
    await writeFile(
      config,
      `remediator: { external_url: '${remediator.url}', password_file: secrets/wrong }\n`,
    );
    expect(call('runs', '--config', config)).toMatchObject({
      status: 1,
      stderr: `the remediator at ${remediator.url} does not take the password in secrets/wrong\n`,
    });
    await writeFile(config, `remediator: { external_url: 'http://127.0.0.1:1' }\n`);
    expect(call('runs', '--config', config)).toMatchObject({
      status: 1,
      stderr: 'the remediator does not answer at http://127.0.0.1:1: is it running?\n',
    });
  });
});
