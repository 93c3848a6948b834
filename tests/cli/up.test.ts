import { once } from 'node:events';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startSshd, type Sshd } from '../../lab/parts/sshd.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { root } from '../compose/compose.ts';
import { makeFakeDocker, type FakeDocker } from '../helpers/fake-docker.ts';
import { steward } from '../helpers/steward-command.ts';

const GOOD = { engine: 'echo 20.10.24', compose: 'echo 2.40.3' };
const MENDED = 'https://docs.docker.com/engine/install, or the package docker.io';

let folder: TempFolder;
let docker: FakeDocker;
beforeEach(async () => {
  folder = await createTempFolder('steward-up');
  await writeFile(at('steward.yml'), 'jobs: { backup: { every: 24h } }\n');
  steward(folder.path, 'secrets');
  await copyFile(join(root, 'docker-compose.yml'), at('docker-compose.yml'));
  docker = await makeFakeDocker(folder.path);
  await states(GOOD);
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

/** An engine in each of these states cannot be had. */
async function states({ engine, compose }: { engine: string; compose: string }): Promise<void> {
  await docker.answers({ "'version --format'*": engine, "'compose version'*": compose });
}

async function up(...args: string[]) {
  const end = await docker.steward(folder.path, 'up', ...args);
  const calls = await docker.calls();
  return { ...end, wasStarted: calls.some((call) => call.includes(' up ')) };
}

describe('steward up', () => {
  test('starts the services that are named where nothing is in the way', async () => {
    expect(await up('--', 'exporter')).toMatchObject({ status: 0, stdout: '', stderr: '', wasStarted: true });
    expect(await docker.calls()).toContain(`compose --project-directory ${folder.path} up --detach exporter`);
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
      what: 'an engine that does not run, as Docker 29 says it',
      engine:
        'echo "failed to connect to the docker API at unix:///x; check if the path is correct and if the daemon is running" >&2; exit 1',
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
    await states({ ...GOOD, ...state });
    await expectOneLine(line);
  });

  test('no docker', async () => {
    await docker.forget('docker');
    expect(await up('--', 'exporter')).toMatchObject({
      status: 1,
      stdout: `docker is not installed: ${MENDED}\n`,
      stderr: 'nothing was started\n',
    });
  });

  describe('with something that listens', () => {
    let server: Server;
    let port: number;
    beforeEach(async () => {
      server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address() as { port: number });
      await writeFile(at('.env'), `STEWARD_REMEDIATOR_PORT=${port}\nCOMPOSE_PROJECT_NAME=mine\n`);
    });
    afterEach(() => {
      server.close();
    });

    test('on the port that .env says, nothing is started', async () => {
      const { status, stdout, wasStarted } = await up('--', 'remediator');
      expect({ status, wasStarted }).toEqual({ status: 1, wasStarted: false });
      expect(stdout).toMatch(
        new RegExp(
          `^port ${port} of 127.0.0.1, where the remediator is to be, is taken: .*, or write STEWARD_REMEDIATOR_PORT=<another> into .env\n$`,
        ),
      );
    });

    test.each([
      { project: 'mine', starts: true },
      { project: 'steward', starts: false },
    ])('which is the project $project, the stack starts: $starts', async ({ project, starts }) => {
      await docker.answers({
        ...{ "'version --format'*": GOOD.engine, "'compose version'*": GOOD.compose },
        [`'ps --filter publish=${port} '*`]: `echo other; echo ${project}`,
      });
      expect(await up('--', 'remediator')).toMatchObject({ wasStarted: starts });
    });

    test('where a service is to be that is not started, there is nothing to say', async () => {
      expect(await up('--', 'exporter')).toMatchObject({ stdout: '', wasStarted: true });
    });

    test('where an override publishes another service', async () => {
      await writeFile(
        at('docker-compose.override.yml'),
        `services: { exporter: { ports: ['127.0.0.1:${port}:9840'] } }\n`,
      );
      await expectOneLine(/^port \d+ of 127.0.0.1, where the exporter is to be, is taken: [^,]*$/);
    });
  });

  test.each([
    {
      what: 'a port that is none',
      env: 'STEWARD_REMEDIATOR_PORT=http\n',
      line: /^docker compose failed: .*http/,
    },
    {
      what: 'a service that is none',
      env: '',
      service: 'grafana2',
      line: /^docker compose failed: .*grafana2/,
    },
  ])('$what', async ({ env, service = 'remediator', line }) => {
    await writeFile(at('.env'), env);
    const { status, stdout, wasStarted } = await up('--', service);
    expect({ status, wasStarted }).toEqual({ status: 1, wasStarted: false });
    expect(stdout.trimEnd().split('\n')).toEqual([expect.stringMatching(line)]);
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
    await expectOneLine(/secrets has the mode 0755; all that keeps others .*: chmod 0700 .*secrets$/);
  });

  test('a host that would be another machine inside of containers', async () => {
    await writeFile(at('steward.yml'), 'hosts: { this: { local: true } }\n');
    steward(folder.path, 'secrets');
    await expectOneLine(/^hosts\.this: `local: true` is the inside of a container; write `address: /);
  });

  test('a steward.yml that no container can read', async () => {
    await chmod(at('steward.yml'), 0o600);
    await expectOneLine(/^no container can read \S+\/steward\.yml, as its mode is: chmod -R go\+rX \S+$/);
  });

  test('a steward.yml that is wrong, and all else that is wrong', async () => {
    await writeFile(at('steward.yml'), 'jobs: 5\n');
    await states({ ...GOOD, engine: 'echo 1.0' });
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
              // Containers know that name, and this machine does not.
              ...{ address: 'host.docker.internal', port: sshd.port, user: 'steward', host_key: hostKey },
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
