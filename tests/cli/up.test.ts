import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startSshd, type Sshd } from '../../lab/parts/sshd.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { steward } from '../helpers/steward-command.ts';

const script = fileURLToPath(new URL('../../cli/steward.js', import.meta.url));
const GOOD = { engine: 'echo 20.10.24', compose: 'echo 2.40.3' };
const MENDED = 'https://docs.docker.com/engine/install, or the package docker.io';

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-up');
  await writeFile(at('steward.yml'), 'jobs: { backup: { every: 24h } }\n');
  steward(folder.path, 'secrets');
  await docker(GOOD);
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

/** What stands for docker: an engine in each of these states cannot be had. It writes down how it was called. */
async function docker({ engine, compose }: { engine: string; compose: string }): Promise<void> {
  await mkdir(at('bin'), { recursive: true });
  await writeFile(
    at('bin/docker'),
    `#!/bin/sh
echo "$*" >>'${at('calls')}'
case "$1 $2" in
  'version --format') ${engine} ;;
  'compose version') ${compose} ;;
esac
`,
    { mode: 0o755 },
  );
}

async function up(...args: string[]) {
  const child = spawn(process.execPath, [script, 'up', ...args], {
    cwd: folder.path,
    env: { PATH: `${at('bin')}:/nonexistent` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  const calls = await readFile(at('calls'), 'utf8').catch(() => '');
  return { status: child.exitCode, stdout, stderr, wasStarted: calls.includes(' up ') };
}

describe('steward up', () => {
  test('starts the services that are named where nothing is in the way', async () => {
    expect(await up('--', 'exporter')).toMatchObject({ status: 0, stdout: '', stderr: '', wasStarted: true });
    expect(await readFile(at('calls'), 'utf8')).toContain(
      `compose --project-directory ${folder.path} up --detach exporter\n`,
    );
  });

  test.each([
    {
      what: 'an engine that this account may not use',
      engine: 'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1',
      line: /^this account may not use the Docker socket: .*group docker/,
    },
    {
      what: 'an engine that does not run',
      engine:
        'echo "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1',
      line: /^the Docker engine does not run: systemctl start docker$/,
    },
    {
      what: 'an engine that is too old',
      engine: 'echo 19.03.15',
      line: /^the Docker engine 19.03.15 is too old: install 20.10 or newer$/,
    },
    {
      what: 'an engine without a version',
      engine: 'echo "<html>"',
      line: /^the Docker engine gives no version that can be read: <html>$/,
    },
    { what: 'no compose', compose: 'exit 1', line: /^docker has no compose: install / },
    {
      what: 'a compose that is too old',
      compose: 'echo v2.9.0',
      line: /^docker compose v2.9.0 is too old: install 2.20 or newer$/,
    },
  ])('$what: one line, and nothing is started', async ({ line, ...state }) => {
    await docker({ ...GOOD, ...state });
    await expectOneLine(line);
  });

  test('no docker', async () => {
    await rm(at('bin/docker'));
    expect(await up('--', 'exporter')).toMatchObject({
      status: 1,
      stdout: `docker is not installed: ${MENDED}\n`,
      stderr: 'nothing was started\n',
    });
  });

  test('a port that is taken', async () => {
    const server = createServer().listen(9841, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { status, stdout, wasStarted } = await up('--', 'remediator');
      expect({ status, wasStarted }).toEqual({ status: 1, wasStarted: false });
      expect(stdout).toMatch(/^port 9841 of 127.0.0.1, where the remediator is to be, is taken: .*\n$/);
    } finally {
      server.close();
    }
  });

  test('a secret that is missing', async () => {
    await rm(at('secrets/webhook_token'));
    await expectOneLine(/webhook_token is missing: steward secrets makes it$/);
  });

  test('a secret that Docker made a folder of', async () => {
    await rm(at('secrets/webhook_token'));
    await mkdir(at('secrets/webhook_token'));
    await expectOneLine(/webhook_token is a folder, .*: rmdir .*webhook_token, then steward secrets$/);
  });

  test('a secret that no container can read', async () => {
    await chmod(at('secrets/webhook_token'), 0o400);
    await expectOneLine(/webhook_token has the mode 0400, so no container can read it: chmod 0444 /);
  });

  test('secrets that others can read', async () => {
    await chmod(at('secrets'), 0o755);
    await expectOneLine(/secrets has the mode 0755; all that keeps others .*: chmod 700 it$/);
  });

  test('a steward.yml that is wrong, and all else that is wrong', async () => {
    await writeFile(at('steward.yml'), 'jobs: 5\n');
    await docker({ ...GOOD, engine: 'echo 1.0' });
    const { status, stdout } = await up('--', 'exporter');
    expect(status).toBe(1);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^steward.yml:1:7: jobs: /),
      expect.stringMatching(/too old/),
    ]);
  });

  describe('with a host', () => {
    let sshd: Sshd;
    beforeEach(async () => {
      sshd = await startSshd({ folder: at('sshd'), authorizedKeysFile: 'none' });
    });
    afterEach(() => sshd.stop());
    const write = (hostKey: string | undefined) =>
      writeFile(
        at('steward.yml'),
        JSON.stringify({
          hosts: {
            web1: {
              ...{ address: '127.0.0.1', port: sshd.port, user: 'steward', host_key: hostKey },
              ...{ read_key_file: 'secrets/read/web1', act_key_file: 'secrets/act/web1' },
            },
          },
        }),
      ).then(() => steward(folder.path, 'secrets'));

    test('that shows the key that is pinned, there is nothing to say', async () => {
      await write(sshd.hostKeyFingerprint);
      expect(await up('--', 'exporter')).toMatchObject({
        status: 0,
        stdout: '',
        stderr: '',
        wasStarted: true,
      });
    });

    test('that has no key pinned, nothing is started', async () => {
      await write(undefined);
      await expectOneLine(/^no host key is pinned for web1, .*: steward host trust web1$/);
    });

    test('that is down or another one, the stack starts with a warning', async () => {
      await write(`SHA256:${'A'.repeat(43)}`);
      expect(await up('--', 'exporter')).toMatchObject({
        status: 0,
        stderr: expect.stringMatching(/^warning: web1 shows another host key than steward.yml pins: /),
      });
      await sshd.stop();
      expect(await up('--', 'exporter')).toMatchObject({
        wasStarted: true,
        stderr: expect.stringMatching(/^warning: web1 cannot be reached from here: /),
      });
    });
  });
});

async function expectOneLine(line: RegExp): Promise<void> {
  const { status, stdout, stderr, wasStarted } = await up('--', 'exporter');
  expect({ status, stderr, wasStarted }).toEqual({
    status: 1,
    stderr: 'nothing was started\n',
    wasStarted: false,
  });
  expect(stdout.trimEnd().split('\n')).toEqual([expect.stringMatching(line)]);
}
