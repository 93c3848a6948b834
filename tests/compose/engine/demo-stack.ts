import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/container/places.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { sitePathOf } from '../../../lab/site/wordpress-site.ts';
import { root } from '../compose.ts';
import type { Engine } from './engine.ts';
import { createProject, OPERATOR, untilHealthy, type Project } from './project.ts';
import { quicken } from './quicken.ts';
import { killAndAwait, pingJob, startsOf, untilAnswers, untilRun, untilScraped } from './running-stack.ts';

const QUARTER_HOUR = 15 * 60_000;
const wpConfig = join(sitePathOf(DEMO.folder), 'wp-config.php');
const services = ['exporter', 'remediator', 'prometheus', 'alertmanager'];
/** Those of the stack and of the demo; Grafana's image cannot be made. */
const all = [...services, 'demo'];
/** Exporter, remediator, Prometheus, Alertmanager, and a host, a site, a bot and a job. */
const TARGETS = 8;
const own = ['exporter', 'remediator'];

/** The tests of the demo that the README has in Docker, from its first command on, on an engine that has base images and no image of Steward. */
export function testDemo(engine: Engine, folder: string): void {
  let project: Project;

  beforeAll(async () => {
    project = await createProject(engine, join(folder, 'clone'));
    await quicken(project.folder);
  });
  afterAll(() => project.compose(['down', '--volumes']), 120_000);

  test(
    'the commands of the README, and nothing but Docker, heal a demo site',
    async () => {
      const [runs = '', ...commands] = (await demoCommands()).toReversed();
      for (const command of commands.toReversed()) await project.shell(command);
      expect(await modeOf(project)).toBe('666');
      await waitUntil(
        async () => /wordpress\.fix-permissions {2}verified/.test((await project.shell(runs)).stdout),
        {
          what: 'a run that is shown as verified',
          timeoutMs: 240_000,
          intervalMs: 1000,
        },
      );
      expect(await modeOf(project)).toBe('640');
    },
    QUARTER_HOUR,
  );

  test('what they made belongs to who owns the clone, and is kept from all others', async () => {
    const made = ['steward.yml', 'secrets', 'secrets/act/lab', 'secrets/demo/harden.sh'];
    const found = await Promise.all(made.map((name) => stat(join(project.folder, name))));
    expect(found.map(({ uid, gid }) => [uid, gid])).toEqual(made.map(() => [OPERATOR, OPERATOR]));
    expect(found.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['644', '700', '444', '644']);
  });

  test.each(all)(
    '%s becomes healthy',
    async (name) => {
      const { State } = await untilHealthy(project, name);
      expect(State.Status).toBe('running');
    },
    150_000,
  );

  test('all targets are scraped', async () => {
    await untilScraped(project, TARGETS);
    expect(await project.query('count(up)')).toBe(TARGETS);
  }, 100_000);

  test.each(own)('the image of %s has nothing that only development needs', async (name) => {
    const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Readonly<Record<string, string>>;
    };
    const list = ['exec', '-T', name, 'find', '/opt/steward', '-type', 'f'];
    const files = (await project.compose(list)).stdout.split('\n');
    const unwanted = Object.keys(devDependencies).map((one) => `/opt/steward/node_modules/${one}/`);
    expect(files.length).toBeGreaterThan(500);
    expect(files).toContain('/opt/steward/node_modules/zod/package.json');
    expect(files.filter((file) => unwanted.some((folder) => file.startsWith(folder)))).toEqual([]);
    expect(files.filter((file) => /\.ts$/.test(file) && !file.includes('/node_modules/'))).toEqual([]);
  });

  test.each(own)('the image of %s adds less than 60 MB to its base', async (name) => {
    const added =
      (await sizeOf(engine, `localhost/steward/${name}:0.1.0`)) -
      (await sizeOf(engine, 'node:24-bookworm-slim'));
    expect(added).toBeGreaterThan(1e6);
    expect(added).toBeLessThan(60e6);
  });

  test('all that is published is the page of the remediator, on loopback', async () => {
    const containers = await Promise.all(services.map((name) => project.inspect(name)));
    const published = containers.flatMap(({ NetworkSettings }) => Object.values(NetworkSettings.Ports));
    expect(published.filter((port) => port !== null).flat()).toEqual([
      { HostIp: '127.0.0.1', HostPort: '9841' },
    ]);
  });

  test.each(services)(
    '%s is no root, has no capability, gains none, and cannot write its root',
    async (name) => {
      const { stdout } = await project.compose(['exec', '-T', name, 'cat', '/proc/1/status']);
      expect(stdout).toMatch(/^Uid:\t[1-9]\d*\t/m);
      expect(stdout).toMatch(/^CapEff:\t0+$/m);
      expect(stdout).toMatch(/^NoNewPrivs:\t1$/m);
      expect((await project.inspect(name)).HostConfig).toMatchObject({ ReadonlyRootfs: true });
    },
  );

  test.each(own)('%s keeps a secret to those that it was given', async (name) => {
    const { stdout } = await project.compose(['exec', '-T', name, 'find', '/etc/steward/secrets']);
    expect(stdout.includes('/secrets/act')).toBe(name === 'remediator');
    expect(stdout.includes('/secrets/read')).toBe(name === 'exporter');
  });

  test('a run that a clean stop and a kill cut off is ended after them, and began once', async () => {
    await project.compose(['exec', '-T', 'demo', 'break', 'php-fpm']);
    const { id } = await untilRun(
      project,
      ({ policy, state }) => policy === 'restart-service' && state === 'verifying',
    );
    // Nothing is proved while it hangs.
    await project.compose(['pause', 'prometheus']);
    // Who needs longer than 5 seconds is killed, and ends with 137.
    await project.compose(['stop', '--timeout', '5', 'remediator']);
    expect((await project.inspect('remediator')).State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    await project.compose(['start', 'remediator']);
    await untilRun(project, (run) => run.id === id && run.state === 'verifying');
    await killAndAwait(engine, project, 'remediator');
    await untilRun(project, (run) => run.id === id && run.state === 'verifying');
    await project.compose(['unpause', 'prometheus']);
    const run = await untilRun(project, (one) => one.id === id && one.outcome !== null);
    expect({ outcome: run.outcome, starts: startsOf(run) }).toEqual({ outcome: 'verified', starts: 1 });
    expect(await project.query('host_service_up{instance="lab",name="php-fpm"}')).toBe(1);
  }, 300_000);

  test(`steward reaches the remediator's page, and what is held back stays so`, async () => {
    await project.steward(['pause', '--for', '2h', '--reason', 'a test of the stack']);
    await pingJob(project);
    await project.compose(['restart', ...own]);
    await untilAnswers(project, ...own);
    expect(await isPaused(project)).toBe(true);
  }, 60_000);

  test.each(own)(
    '%s ends cleanly within 5 seconds',
    async (name) => {
      // Who needs longer is killed, and ends with 137.
      await project.compose(['stop', '--timeout', '5', name]);
      expect((await project.inspect(name)).State).toMatchObject({ Status: 'exited', ExitCode: 0 });
      await project.compose(['start', name]);
      await untilAnswers(project, ...own);
    },
    60_000,
  );

  test.each(services)(
    '%s comes back after it was killed',
    async (name) => {
      await killAndAwait(engine, project, name);
      expect(await isPaused(project)).toBe(true);
    },
    120_000,
  );

  test('after a power cut all is as it was', async () => {
    // The tests before have killed what scrapes and is scraped.
    await untilScraped(project, TARGETS);
    const before = await remembered(project);
    await engine.cutPower();
    await untilAnswers(project, ...services);
    await untilScraped(project, TARGETS);
    expect(await remembered(project)).toEqual(before);
  }, 180_000);

  test('after down and `steward up`, even twice, the data is still there', async () => {
    const before = await remembered(project);
    await project.compose(['down']);
    await project.steward(['up', '--', ...all]);
    const { Id: id } = await project.inspect('remediator');
    await project.steward(['up', '--', ...all]);
    expect((await project.inspect('remediator')).Id).toBe(id);
    await untilScraped(project, TARGETS);
    expect(await remembered(project)).toEqual(before);
  }, 180_000);

  test('what was saved while it ran is there again where all volumes were lost', async () => {
    const archive = join(folder, 'state.tar.gz');
    const { stdout } = await project.steward(['backup', '--json', archive]);
    expect(JSON.parse(stdout)).toMatchObject({ archive, left_out: [] });
    await expect(project.steward(['restore', archive])).rejects.toThrow(/containers of the stack run/);

    await project.compose(['down']);
    await expect(project.steward(['restore', archive])).rejects.toThrow(
      /the volume steward_remediator is there already/,
    );
    await project.compose(['down', '--volumes']);
    const restored = JSON.parse((await project.steward(['restore', '--json', archive])).stdout) as {
      volumes: string[];
    };
    expect(restored.volumes.sort()).toEqual([
      'steward_alertmanager',
      'steward_exporter',
      'steward_remediator',
    ]);
    await project.compose(['up', '--detach', ...all]);
    await untilAnswers(project, ...own);
    expect(await isPaused(project)).toBe(true);
    await untilRun(project, ({ policy, outcome }) => policy === 'fix-permissions' && outcome === 'verified');
    await untilScraped(project, TARGETS);
    expect(await project.query('job_successes_total{instance="nightly-backup"}')).toBe(1);
  }, 300_000);
}

/** Those of the README's demo in Docker. */
async function demoCommands(): Promise<string[]> {
  const [, lines = ''] =
    /^The same in Docker, .*?```sh\n(.*?)```/ms.exec(await readFile(join(root, 'README.md'), 'utf8')) ?? [];
  return lines.trim().split('\n');
}

async function modeOf(project: Project): Promise<string> {
  return (await project.compose(['exec', '-T', 'demo', 'stat', '-c', '%a', wpConfig])).stdout.trim();
}

async function isPaused(project: Project): Promise<boolean> {
  const { stdout, stderr } = await project.steward(['runs']);
  return `${stdout}${stderr}`.includes('a test of the stack');
}

/** What is to outlive all: since when Prometheus has measured, what the remediator and the exporter were told, and what was healed. */
async function remembered(project: Project) {
  const { stdout } = await project.steward(['runs']);
  return {
    since: await project.query('min_over_time(timestamp(up{job="prometheus"})[1h:15s])'),
    isPaused: await isPaused(project),
    jobSuccesses: await project.query('job_successes_total{instance="nightly-backup"}'),
    healed: stdout.split('\n').filter((line) => line.endsWith('verified')),
  };
}

async function sizeOf(engine: Engine, image: string): Promise<number> {
  return Number((await engine.docker(['image', 'inspect', '--format', '{{.Size}}', image])).stdout);
}
