import { copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { compare } from 'bcryptjs';
import { load } from 'js-yaml';
import { startSshd } from '../../lab/parts/sshd.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { steward } from '../helpers/steward-command.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-cli');
  await copyFile('steward.example.yml', join(folder.path, 'steward.yml'));
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

describe('steward', () => {
  test('lists its commands', () => {
    const { status, stdout } = steward(folder.path, '--help');
    expect(status).toBe(0);
    for (const name of [
      'check',
      'secrets',
      'host trust <host>',
      'host harden <host>',
      'host remove <host>',
    ]) {
      expect(stdout).toContain(`  ${name} `);
    }
  });

  test.each<[args: string[], message: string]>([
    [['nope'], 'there is no command "nope"; steward --help lists them'],
    [['host', 'trust'], 'Usage: steward host trust <host>'],
    [['check', 'web1'], 'Usage: steward check'],
    [['check', '--nope'], "Unknown option '--nope'"],
  ])('%j is a wrong call', (args, message) => {
    const { status, stdout, stderr } = steward(folder.path, ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('without a command says how it is called', () => {
    expect(steward(folder.path)).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('Usage: steward <command>'),
    });
  });
});

describe('steward check', () => {
  test('counts what is good', () => {
    expect(steward(folder.path, 'check')).toEqual({
      status: 0,
      stdout:
        'steward.yml is good: 1 host, 1 site, 1 bot, 1 job, 3 policies, 1 of them more than observing\n',
      stderr: '',
    });
  });

  test('names every problem, also of actions and their parameters', async () => {
    await writeFile(
      at('steward.yml'),
      `policies:
  - { name: a, match: ['x="y"'], action: nope, verify: { query: 'a == 1' } }
  - { name: fix-permissions, with: { mode: '777' } }
  - { name: b, match: ['x="z"'], action: service.restart, with: {}, verify: { query: 'a == 1' } }
`,
    );
    const { status, stdout } = steward(folder.path, 'check');
    expect(status).toBe(1);
    expect(stdout.trimEnd().split('\n')).toEqual([
      'steward.yml:2:42: policies[0].action: found "nope", expected one of wordpress.fix-permissions, service.restart',
      'steward.yml:3:38: policies[1].with.mode: found the unknown parameter "mode", expected no parameter: wordpress.fix-permissions has none',
      'steward.yml:4:65: policies[2].with: found a mapping, expected the parameter service of service.restart',
    ]);
  });

  test('prints the same for machines', async () => {
    await writeFile(at('steward.yml'), 'hosts: 5\n');
    const { status, stdout } = steward(folder.path, 'check', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      problems: [{ line: 1, path: 'hosts', found: '5' }],
    });
  });

  test('says which host cannot be reached yet', async () => {
    const text = await readFile(at('steward.yml'), 'utf8');
    await writeFile(at('steward.yml'), text.replace(/^ +host_key: .*\n/m, ''));
    expect(steward(folder.path, 'check').stderr).toBe(
      'warning: no host key is pinned for web1, so it cannot be reached: steward host trust web1\n',
    );
  });
});

describe('steward secrets', () => {
  test('makes what is missing, in a folder that keeps others out', async () => {
    expect(steward(folder.path, 'secrets').status).toBe(0);
    expect((await stat(at('secrets'))).mode & 0o777).toBe(0o700);
    const files = ['read/web1', 'act/web1', 'exporter_password', 'webhook_token', 'prometheus_web.yml'];
    for (const file of files) expect((await stat(at(`secrets/${file}`))).mode & 0o777).toBe(0o444);
    expect((await stat(at('secrets/bots'))).mode & 0o777).toBe(0o755);
  });

  test('hashes the password that clients use', async () => {
    steward(folder.path, 'secrets');
    const web = load(await readFile(at('secrets/prometheus_web.yml'), 'utf8')) as {
      basic_auth_users: { steward: string };
    };
    const password = await readFile(at('secrets/prometheus_password'), 'utf8');
    expect(await compare(password, web.basic_auth_users.steward)).toBe(true);
  });

  test('changes nothing the second time, and prints no secret', async () => {
    const first = steward(folder.path, 'secrets');
    const names = (await readdir(at('secrets'), { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    );
    const contents = () =>
      Promise.all(names.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')));
    const before = await contents();
    expect(steward(folder.path, 'secrets')).toMatchObject({ status: 0, stdout: '' });
    expect(await contents()).toEqual(before);
    for (const secret of before) expect(first.stdout).not.toContain(secret.trim());
  });
});

describe('steward host harden', () => {
  test('prints a script, once there are keys', () => {
    const early = steward(folder.path, 'host', 'harden', 'web1');
    expect(early).toMatchObject({ status: 1, stdout: '' });
    expect(early.stderr).toContain('`steward secrets` makes it');
    steward(folder.path, 'secrets');
    const { status, stdout } = steward(folder.path, 'host', 'harden', 'web1');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^#!\/bin\/sh\n/);
    expect(
      stdout.match(
        /^restrict,command="exec sudo -n \/usr\/local\/lib\/steward\/dispatch (read|act)" ssh-ed25519 /gm,
      ),
    ).toHaveLength(2);
  });

  test('of a host that is not there names those that are', () => {
    expect(steward(folder.path, 'host', 'harden', 'web2')).toMatchObject({
      status: 1,
      stderr: 'steward.yml has no host "web2"; it has web1\n',
    });
  });
});

describe('steward host trust', () => {
  const inventories: [shape: string, yaml: (port: number) => string][] = [
    [
      'a block mapping',
      (port) =>
        `# mine\nhosts:\n  web1:\n    # by the door\n    address: 127.0.0.1\n    port: ${port}\n    read_key_file: r\n    act_key_file: a\n`,
    ],
    [
      'a flow mapping',
      (port) =>
        `hosts:\n  web1: { address: 127.0.0.1, port: ${port}, read_key_file: r, act_key_file: a } # flow\n`,
    ],
    [
      'a key that was pinned',
      (port) =>
        `hosts:\n  web1: { address: 127.0.0.1, port: ${port}, host_key: 'SHA256:${'A'.repeat(43)}', read_key_file: r, act_key_file: a }\n`,
    ],
  ];

  test.each(inventories)('pins the key in %s, and leaves all else', async (_shape, yaml) => {
    const sshd = await startSshd({ folder: at('sshd'), authorizedKeysFile: at('none') });
    const text = yaml(sshd.port);
    await writeFile(at('steward.yml'), text);
    const { status, stdout } = steward(folder.path, 'host', 'trust', 'web1', '--yes');
    const again = steward(folder.path, 'host', 'trust', 'web1');
    await sshd.stop();
    expect(status).toBe(0);
    expect(stdout).toContain(sshd.hostKeyFingerprint);
    const edited = await readFile(at('steward.yml'), 'utf8');
    expect(edited).toContain(`host_key: ${sshd.hostKeyFingerprint}`);
    expect(edited.replace(/ *host_key: SHA256:[^\s,]+(,|\n)?/, '').replace(/\s/g, '')).toBe(
      text.replace(/ *host_key: 'SHA256:[^\s,]+(,|\n)?/, '').replace(/\s/g, ''),
    );
    expect(again.stdout).toContain('It is the one that steward.yml pins.');
  });

  test('warns of a key that has changed, and writes nothing without a yes', async () => {
    const sshd = await startSshd({ folder: at('sshd'), authorizedKeysFile: at('none') });
    const text = inventories[2]?.[1](sshd.port) ?? '';
    await writeFile(at('steward.yml'), text);
    const { status, stderr } = steward(folder.path, 'host', 'trust', 'web1');
    await sshd.stop();
    expect(status).toBe(1);
    expect(stderr).toContain('somebody may be in between');
    expect(stderr).toContain('nobody is here to confirm it');
    expect(await readFile(at('steward.yml'), 'utf8')).toBe(text);
  });

  test('of a host that does not answer says so', async () => {
    await writeFile(at('steward.yml'), inventories[0]?.[1](1) ?? '');
    const { status, stderr } = steward(folder.path, 'host', 'trust', 'web1', '--yes');
    expect(status).toBe(1);
    expect(stderr).toContain('127.0.0.1:1 shows no host key');
  });
});
