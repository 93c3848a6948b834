import { spawn, spawnSync } from 'node:child_process';
import { chmod, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fetchHostKey } from '../../hosts/ssh/fetch-host-key.ts';
import { startSshd, type Sshd } from '../../lab/parts/sshd.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { steward } from '../helpers/steward-command.ts';

let serverFolder: TempFolder;
let sshd: Sshd;
beforeAll(async () => {
  serverFolder = await createTempFolder('steward-cli-sshd');
  sshd = await startSshd({ folder: serverFolder.path, authorizedKeysFile: join(serverFolder.path, 'none') });
});
afterAll(async () => {
  await sshd.stop();
  await serverFolder.remove();
});

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-cli');
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);
const trust = (...options: string[]) => steward(folder.path, 'host', 'trust', 'web1', ...options);

const OTHER = `SHA256:${'A'.repeat(43)}`;
/** Puts the port of the sshd, and the key that is expected, into a text. */
const filled = (text: string, key: string) =>
  text.replaceAll('PORT', String(sshd.port)).replaceAll('KEY', key);
const FLOW = `# mine\nhosts: { web1: { address: 127.0.0.1, port: PORT, read_key_file: r, act_key_file: a } } # end\n`;
const PINNED = FLOW.replace('port:', `host_key: KEY, port:`);

const END_OF_INPUT = '\x04';
/** Calls it in a terminal, which script(1) gives it, and types once it asks. */
async function trustInTerminal(typed: string): Promise<{ stdout: string; status: number | null }> {
  const call = `'${process.execPath}' '${join(process.cwd(), 'cli/steward.js')}' host trust web1`;
  const child = spawn('script', ['-qec', call, '/dev/null'], { cwd: folder.path });
  const closed = once(child, 'close');
  let stdout = '';
  let isAnswered = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    if (isAnswered || !stdout.includes('[y/N] ')) return;
    isAnswered = true;
    child.stdin.write(typed);
  });
  await closed;
  return { stdout, status: child.exitCode };
}

describe('steward host trust', () => {
  test.each<[shape: string, before: string, after: string]>([
    [
      'a block mapping, with its comments',
      `# mine\nhosts:\n  web1: # first\n    # by the door\n    address: 127.0.0.1 # home\n\n    port: PORT\n    read_key_file: r\n    act_key_file: a\nsites: {}\n`,
      `# mine\nhosts:\n  web1: # first\n    # by the door\n    address: 127.0.0.1 # home\n    host_key: KEY\n\n    port: PORT\n    read_key_file: r\n    act_key_file: a\nsites: {}\n`,
    ],
    [
      'a block mapping at the end of the file, without a line break',
      `hosts:\n  web1:\n    port: PORT\n    read_key_file: r\n    act_key_file: a\n    address: '127.0.0.1'`,
      `hosts:\n  web1:\n    port: PORT\n    read_key_file: r\n    act_key_file: a\n    address: '127.0.0.1'\n    host_key: KEY`,
    ],
    [
      'a block mapping with the line breaks of Windows',
      `hosts:\r\n  web1:\r\n    address: 127.0.0.1\r\n    port: PORT\r\n    read_key_file: r\r\n    act_key_file: a\r\n`,
      `hosts:\r\n  web1:\r\n    address: 127.0.0.1\r\n    host_key: KEY\r\n    port: PORT\r\n    read_key_file: r\r\n    act_key_file: a\r\n`,
    ],
    [
      'a host that only containers know by its name, which is this machine',
      FLOW.replace('127.0.0.1', 'host.docker.internal'),
      FLOW.replace('127.0.0.1', 'host.docker.internal, host_key: KEY'),
    ],
    ['a flow mapping', FLOW, FLOW.replace('127.0.0.1', '127.0.0.1, host_key: KEY')],
    [
      'a flow mapping over several lines',
      `hosts:\n  web1: {\n    address: "127.0.0.1", # home\n    port: PORT,\n    read_key_file: r,\n    act_key_file: a\n    }\n`,
      `hosts:\n  web1: {\n    address: "127.0.0.1", host_key: KEY, # home\n    port: PORT,\n    read_key_file: r,\n    act_key_file: a\n    }\n`,
    ],
    [
      'a host like another one',
      `hosts:\n  web0: { address: 127.0.0.1, port: PORT, read_key_file: r, act_key_file: a }\n  web1: { address: 127.0.0.1, port: PORT, read_key_file: r, act_key_file: a }\n`,
      `hosts:\n  web0: { address: 127.0.0.1, port: PORT, read_key_file: r, act_key_file: a }\n  web1: { address: 127.0.0.1, host_key: KEY, port: PORT, read_key_file: r, act_key_file: a }\n`,
    ],
    ['the place of another key', PINNED.replace('KEY', OTHER), PINNED],
    ['the place of another key in quotes', PINNED.replace('KEY', `'${OTHER}'`), PINNED],
    [
      'the place of another key in a block mapping',
      `hosts:\n  web1:\n    host_key: "${OTHER}" # old\n    address: 127.0.0.1\n    port: PORT\n    read_key_file: r\n    act_key_file: a\n`,
      `hosts:\n  web1:\n    host_key: KEY # old\n    address: 127.0.0.1\n    port: PORT\n    read_key_file: r\n    act_key_file: a\n`,
    ],
  ])('pins the key in %s, and leaves all else', async (_shape, before, after) => {
    await writeFile(at('steward.yml'), filled(before, ''));
    expect(trust('--yes').status).toBe(0);
    expect(await readFile(at('steward.yml'), 'utf8')).toBe(filled(after, sshd.hostKeyFingerprint));
  });

  test('shows the key and how to compare it', async () => {
    await writeFile(at('steward.yml'), filled(FLOW, ''));
    const shown = `web1 (127.0.0.1:${sshd.port}) shows a key of type ssh-ed25519:\n  ${sshd.hostKeyFingerprint}\n`;
    expect(trust('--yes')).toEqual({
      status: 0,
      stdout: `${shown}steward.yml now pins it.\n`,
      stderr:
        'On web1, this prints the one to compare with: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\n',
    });
    expect(trust()).toEqual({
      status: 0,
      stdout: `${shown}It is the one that steward.yml pins.\n`,
      stderr: '',
    });
  });

  test('keeps the mode of the file and the link that leads to it, and leaves no other file', async () => {
    await writeFile(at('real.yml'), filled(FLOW, ''));
    await chmod(at('real.yml'), 0o666);
    await symlink('real.yml', at('steward.yml'));
    expect(trust('--yes').status).toBe(0);
    expect((await lstat(at('steward.yml'))).isSymbolicLink()).toBe(true);
    expect(await readFile(at('real.yml'), 'utf8')).toContain(sshd.hostKeyFingerprint);
    expect((await stat(at('real.yml'))).mode & 0o777).toBe(0o666);
    expect((await readdir(folder.path)).sort()).toEqual(['real.yml', 'steward.yml']);
  });

  test('warns of a key that has changed, and writes nothing without a yes', async () => {
    await writeFile(at('steward.yml'), filled(PINNED, OTHER));
    const { status, stderr } = trust();
    expect(status).toBe(1);
    expect(stderr.split('\n')).toEqual([
      `warning: steward.yml pins another one, ${OTHER}: if you did not change it, somebody may be in between`,
      'On web1, this prints the one to compare with: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      'nothing was written, since nobody is here to confirm it: run this in a terminal, or with --yes',
      '',
    ]);
    expect(await readFile(at('steward.yml'), 'utf8')).toBe(filled(PINNED, OTHER));
  });

  test.each([
    ['y\n', 0, 'steward.yml now pins it.'],
    ['Yes\n', 0, 'steward.yml now pins it.'],
    ['n\n', 1, 'nothing was written'],
    ['\n', 1, 'nothing was written'],
    [END_OF_INPUT, 1, 'nothing was written'],
  ])('in a terminal, %j ends with %d', async (typed, status, line) => {
    await writeFile(at('steward.yml'), filled(FLOW, ''));
    const result = await trustInTerminal(typed);
    expect(result.stdout).toContain('Is it the same? [y/N] ');
    expect(result.stdout).toContain(line);
    expect(result.status).toBe(status);
    expect((await readFile(at('steward.yml'), 'utf8')).includes('host_key')).toBe(status === 0);
  });

  test('leaves a file alone where a change for one host would be one for two', async () => {
    const text = filled(
      `hosts:\n  web1: &web { address: 127.0.0.1, port: PORT, read_key_file: r, act_key_file: a }\n  web2: *web\n`,
      '',
    );
    await writeFile(at('steward.yml'), text);
    expect(trust('--yes')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        `nothing was written: the place is not clear; add it below hosts.web1 yourself: host_key: ${sshd.hostKeyFingerprint}\n`,
      ),
    });
    expect(await readFile(at('steward.yml'), 'utf8')).toBe(text);
  });

  test.each<[what: string, yaml: string, line: string]>([
    [
      'this machine',
      'hosts: { web1: { local: true } }\n',
      'web1 is this machine itself: it has no host key to trust',
    ],
    [
      'a host that does not answer',
      'hosts: { web1: { address: 127.0.0.1, port: 1, read_key_file: r, act_key_file: a } }\n',
      '127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1',
    ],
  ])('of %s says so in one line', async (_what, yaml, line) => {
    await writeFile(at('steward.yml'), yaml);
    expect(trust('--yes')).toEqual({ status: 1, stdout: '', stderr: `${line}\n` });
  });
});

describe('fetchHostKey', () => {
  test.each([
    ['that closes at once', ''],
    ['that is no sshd', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('rejects for a server %s', async (_what, greeting) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(greeting);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(fetchHostKey('127.0.0.1', port)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(`127.0.0.1:${port} shows no host key: `),
    });
    server.close();
  });

  test.each([
    ['ecdsa', 'ecdsa-sha2-nistp256'],
    ['rsa', 'ssh-rsa'],
  ])('tells the type of a key of %s', async (kind, type) => {
    const result = spawnSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-f', at('host_key')]);
    expect(result.status).toBe(0);
    const server = await startSshd({ folder: folder.path, authorizedKeysFile: at('none') });
    const shown = await fetchHostKey('127.0.0.1', server.port);
    await server.stop();
    expect(shown).toEqual({ type, fingerprint: server.hostKeyFingerprint });
  });
});
