import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEMO } from '../../lab/container/places.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { sitePathOf } from '../../lab/site/wordpress-site.ts';
import { root } from './compose.ts';
import { availableEngine } from './engine/available-engine.ts';
import { makeBaseImages, makeSiteImage } from './engine/base-images.ts';
import type { Engine } from './engine/engine.ts';
import { createProject, OPERATOR, untilHealthy, type Project } from './engine/project.ts';

const QUARTER_HOUR = 15 * 60_000;
const wpConfig = join(sitePathOf(DEMO.folder), 'wp-config.php');
const services = ['exporter', 'remediator', 'prometheus', 'alertmanager'];
/** Those of the stack and of the demo; Grafana's image cannot be made. */
const all = [...services, 'demo'];
/** Exporter, remediator, Prometheus, Alertmanager, and a host, a site, a bot and a job. */
const TARGETS = 8;
const own = ['exporter', 'remediator'];
const folder = await createTempFolder('steward-engine');
// Where no engine can be started, the tests count as skipped, and the reason is their name.
const started = await availableEngine(folder.path);
const describeWithEngine = typeof started === 'string' ? describe.skip : describe;
const reason = typeof started === 'string' ? ` (no engine: ${started})` : '';

describeWithEngine(`the stack on a real engine${reason}`, () => {
  const engine = started as Engine;
  let project: Project;

  beforeAll(async () => {
    await makeBaseImages(engine, join(folder.path, 'images'));
    await makeSiteImage(engine, join(folder.path, 'images'));
    project = await createProject(engine, join(folder.path, 'clone'));
  }, QUARTER_HOUR);

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
    await untilScraped(project);
    expect(await project.query('count(up)')).toBe(TARGETS);
  }, 100_000);

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

  test.each(services)('%s is no root, has no capability, and cannot write its root', async (name) => {
    const { stdout } = await project.compose(['exec', '-T', name, 'cat', '/proc/1/status']);
    expect(stdout).toMatch(/^Uid:\t[1-9]\d*\t/m);
    expect(stdout).toMatch(/^CapEff:\t0+$/m);
    expect((await project.inspect(name)).HostConfig).toMatchObject({ ReadonlyRootfs: true });
  });

  test.each(own)('%s keeps a secret to those that it was given', async (name) => {
    const { stdout } = await project.compose(['exec', '-T', name, 'find', '/etc/steward/secrets']);
    expect(stdout.includes('/secrets/act')).toBe(name === 'remediator');
    expect(stdout.includes('/secrets/read')).toBe(name === 'exporter');
  });

  test('a service that was killed is started again', async () => {
    await project.compose(['exec', '-T', 'demo', 'break', 'php-fpm']);
    await untilHealed(project, 'restart-service');
    await waitUntil(async () => (await project.query('probe_success{instance="blog"} == 1')) !== undefined, {
      what: 'the site to be up',
      timeoutMs: 60_000,
    });
    expect(await project.query('host_service_up{instance="lab",name="php-fpm"}')).toBe(1);
  }, 300_000);

  test(`steward reaches the remediator's page, and what is held back stays so`, async () => {
    await project.steward(['pause', '--for', '2h', '--reason', 'a test of the stack']);
    await pingJob(project);
    await project.compose(['restart', ...own]);
    await untilAnswers(project);
    expect(await isPaused(project)).toBe(true);
  }, 60_000);

  test.each(own)(
    '%s ends cleanly within 5 seconds',
    async (name) => {
      // Who needs longer is killed, and ends with 137.
      await project.compose(['stop', '--timeout', '5', name]);
      expect((await project.inspect(name)).State).toMatchObject({ Status: 'exited', ExitCode: 0 });
      await project.compose(['start', name]);
      await untilAnswers(project);
    },
    60_000,
  );

  test.each(own)(
    '%s comes back after it was killed',
    async (name) => {
      const { State, RestartCount } = await project.inspect(name);
      await engine.runBeside(['kill', '-KILL', String(State.Pid)]);
      await waitUntil(async () => (await project.inspect(name)).RestartCount > RestartCount, {
        what: `${name} to be started again`,
      });
      await untilAnswers(project);
      expect(await isPaused(project)).toBe(true);
    },
    60_000,
  );

  test('after down and up the data is still there', async () => {
    const scrapes = 'min_over_time(timestamp(up{job="prometheus"})[1h:15s])';
    const first = await project.query(scrapes);
    await project.compose(['down']);
    await project.compose(['up', '--detach', ...all]);
    await untilAnswers(project);
    expect(await isPaused(project)).toBe(true);
    await untilScraped(project);
    expect(await project.query(scrapes)).toBe(first);
    expect(await project.query('job_successes_total{instance="nightly-backup"}')).toBe(1);
  }, 150_000);

  test('what was saved while it ran is there again where all volumes were lost', async () => {
    const archive = join(folder.path, 'state.tar.gz');
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
    await untilAnswers(project);
    expect(await isPaused(project)).toBe(true);
    await untilHealed(project, 'fix-permissions');
    await untilScraped(project);
    expect(await project.query('job_successes_total{instance="nightly-backup"}')).toBe(1);
  }, 300_000);
});

afterAll(async () => {
  if (typeof started !== 'string') await started.stop();
  await folder.remove();
}, 120_000);

/** Those of the README's demo in Docker. */
async function demoCommands(): Promise<string[]> {
  const [, lines = ''] =
    /^The same in Docker, .*?```sh\n(.*?)```/ms.exec(await readFile(join(root, 'README.md'), 'utf8')) ?? [];
  return lines.trim().split('\n');
}

async function modeOf(project: Project): Promise<string> {
  return (await project.compose(['exec', '-T', 'demo', 'stat', '-c', '%a', wpConfig])).stdout.trim();
}

async function untilScraped(project: Project): Promise<void> {
  await waitUntil(async () => (await project.query(`count(up == 1) == ${TARGETS}`)) !== undefined, {
    what: 'all targets to be scraped',
    timeoutMs: 90_000,
    intervalMs: 500,
  });
}

/** Waits until both own services answer, which is sooner than the engine asks them again. */
async function untilAnswers(project: Project): Promise<void> {
  for (const [name, port] of [
    ['exporter', '9840'],
    ['remediator', '9841'],
  ] as const) {
    const check = ['exec', '-T', name, 'node', '/opt/steward/dist/web/healthcheck.js', port];
    await waitUntil(() => project.compose(check), { what: `${name} to answer` });
  }
}

async function isPaused(project: Project): Promise<boolean> {
  const { stdout, stderr } = await project.steward(['runs']);
  return `${stdout}${stderr}`.includes('a test of the stack');
}

interface ShownRun {
  readonly policy: string | null;
  readonly outcome: string | null;
}

/** Waits until the latest run of a policy has ended well, as `steward runs` tells it. */
async function untilHealed(project: Project, policy: string): Promise<void> {
  let runs: readonly ShownRun[] = [];
  await waitUntil(
    async () => {
      runs = (JSON.parse((await project.steward(['runs', '--json'])).stdout) as { runs: ShownRun[] }).runs;
      return runs.find((run) => run.policy === policy)?.outcome === 'verified';
    },
    {
      what: `a run of ${policy} to end well`,
      timeoutMs: 240_000,
      intervalMs: 1000,
      explain: () => JSON.stringify(runs.slice(0, 5)),
    },
  );
}

/** Reports a success of the job, from inside the network. */
async function pingJob(project: Project): Promise<void> {
  const ping = `fetch('http://127.0.0.1:9840/ping/nightly-backup', {
    method: 'POST',
    headers: { authorization: 'Bearer ' + require('fs').readFileSync('/etc/steward/secrets/ping_token', 'utf8') },
  }).then(({ status }) => process.exit(status === 200 ? 0 : 1))`;
  await project.compose(['exec', '-T', 'exporter', 'node', '-e', ping]);
}

async function sizeOf(engine: Engine, image: string): Promise<number> {
  return Number((await engine.docker(['image', 'inspect', '--format', '{{.Size}}', image])).stdout);
}
