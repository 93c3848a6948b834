import { spawnSync } from 'node:child_process';
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { actionNames } from '../helpers/known-names.ts';
import { steward } from '../helpers/steward-command.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-cli');
  await copyFile('steward.example.yml', at('steward.yml'));
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

/** Runs the command in a terminal; both of its streams are in the answer. */
const inTerminal = (call: string) =>
  spawnSync(
    'script',
    ['-qec', `'${process.execPath}' '${join(process.cwd(), 'cli/steward.js')}' ${call}`, '/dev/null'],
    {
      cwd: folder.path,
      encoding: 'utf8',
    },
  ).stdout;

describe('steward host harden', () => {
  test.each(['read', 'act'])('without the key to %s says who makes it', async (role) => {
    steward(folder.path, 'secrets');
    await rm(at(`secrets/${role}/web1`));
    expect(steward(folder.path, 'host', 'harden', 'web1')).toEqual({
      status: 1,
      stdout: '',
      stderr: `the key ${at(`secrets/${role}/web1`)} cannot be read; \`steward secrets\` makes it\n`,
    });
  });

  test('prints a script with the public halves of both keys, and nothing else', async () => {
    steward(folder.path, 'secrets');
    const { status, stdout, stderr } = steward(folder.path, 'host', 'harden', 'web1');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^#!\/bin\/sh\n/);
    for (const role of ['read', 'act']) {
      await copyFile(at(`secrets/${role}/web1`), at('key'));
      await runCommand(['chmod', '600', at('key')]);
      const publicKey = (await runCommand(['ssh-keygen', '-yf', at('key')])).stdout.split(' ', 2).join(' ');
      expect(stdout).toContain(`/dispatch ${role}" ${publicKey} steward-${role}\n`);
      await rm(at('key'));
    }
    await runCommand(['sh', '-n'], { stdin: stdout });
  });

  test('says in a terminal how to use it', () => {
    steward(folder.path, 'secrets');
    expect(inTerminal('host harden web1 >/dev/null')).toBe(
      'read it, then run it as root on web1; run it again after each change of steward.yml\r\n',
    );
  });

  test('serves the machine itself, too', async () => {
    await writeFile(at('steward.yml'), 'hosts: { here: { local: true } }\n');
    steward(folder.path, 'secrets');
    expect(steward(folder.path, 'host', 'harden', 'here')).toMatchObject({ status: 0, stderr: '' });
  });

  test('names a file that holds no key', async () => {
    steward(folder.path, 'secrets');
    await rm(at('secrets/act/web1'));
    await writeFile(at('secrets/act/web1'), 'x');
    expect(steward(folder.path, 'host', 'harden', 'web1')).toEqual({
      status: 1,
      stdout: '',
      stderr: `${at('secrets/act/web1')} holds no private key without a passphrase\n`,
    });
  });

  test('prints no script from policies that are wrong', async () => {
    steward(folder.path, 'secrets');
    await writeFile(
      at('steward.yml'),
      `hosts: { web1: { local: true } }\npolicies:\n  - { name: a, match: ['x="y"'], action: nope, verify: { query: 'a == 1' } }\n`,
    );
    expect(steward(folder.path, 'host', 'harden', 'web1')).toEqual({
      status: 1,
      stdout: '',
      stderr: `steward.yml:3:42: policies[0].action: found "nope", expected one of ${actionNames}\n`,
    });
  });
});

describe('steward host remove', () => {
  test('prints a script that takes it away', async () => {
    const { status, stdout, stderr } = steward(folder.path, 'host', 'remove', 'web1');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^#!\/bin\/sh\n/);
    expect(stdout).toContain('rm -f /etc/sudoers.d/steward /var/lib/steward/.ssh/authorized_keys\n');
    await runCommand(['sh', '-n'], { stdin: stdout });
  });

  test('says in a terminal how to use it', () => {
    expect(inTerminal('host remove web1 >/dev/null')).toBe('run it as root on web1\r\n');
  });
});
