import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { makeDatabaseImages } from './database-images.ts';
import type { Engine } from './engine.ts';
import { enlarge } from './enlarge.ts';
import { createProject, type Project } from './project.ts';
import { quicken } from './quicken.ts';
import { startsOf, untilAnswers, untilRun, untilScraped, type ShownRun } from './running-stack.ts';

/** Those of the demo, a second remediator and a second Alertmanager. */
const TARGETS = 10;

/** The tests of the profiles `postgres` and `scale` together, on an engine that has the images of the usual stack. */
export function testLargeStack(engine: Engine, folder: string): void {
  const archive = join(folder, 'state.tar.gz');
  let project: Project;
  let healed: ShownRun;

  beforeAll(async () => {
    await makeDatabaseImages(engine, join(folder, 'images/databases'));
    project = await createProject(engine, join(folder, 'clone'), 'postgres,scale,demo');
    await quicken(project.folder);
    await project.compose(['run', '--rm', 'prepare-demo']);
    await enlarge(project.folder);
    await project.compose(['up', '--detach']);
  }, 600_000);

  test('its parts answer and are scraped, and the Alertmanagers have found each other', async () => {
    await untilAnswers(project, 'postgres', 'remediator', 'remediator-2', 'alertmanager-2');
    await untilScraped(project, TARGETS);
    expect(await project.query('min(alertmanager_cluster_members)')).toBe(2);
  }, 180_000);

  test('the store is told of all that Prometheus reads, with its label', async () => {
    const count = await waitUntil(
      async () => {
        const found = await askStore(project, 'count(up{cluster="home"} == 1)');
        return found === TARGETS && found;
      },
      { what: 'all targets in the store' },
    );
    expect(count).toBe(TARGETS);
  }, 60_000);

  test('what a remediator began before it was killed, the other ends by what the store has, and it began once', async () => {
    await project.compose(['stop', 'remediator-2']);
    await project.compose(['exec', '-T', 'demo', 'break', 'php-fpm']);
    const { id } = await untilRun(
      project,
      ({ policy, state }) => policy === 'restart-service' && state === 'verifying',
    );
    // Nothing is proved while it hangs.
    await project.compose(['pause', 'victoria-metrics']);
    await project.compose(['kill', 'remediator']);
    await project.compose(['start', 'remediator-2']);
    await untilAnswers(project, 'remediator-2');
    await project.compose(['unpause', 'victoria-metrics']);
    const run = await untilRun(project, (one) => one.id === id && one.outcome !== null, 'remediator-2');
    expect({ outcome: run.outcome, starts: startsOf(run) }).toEqual({ outcome: 'verified', starts: 1 });
    healed = run;
    expect((await project.inspect('remediator')).State.Status).toBe('exited');
    expect(await project.query('host_service_up{instance="lab",name="php-fpm"}')).toBe(1);
  }, 420_000);

  test('a database of a newer Steward is refused, and nothing else was started for that', async () => {
    const { stdout } = await project.steward(['backup', '--json', archive]);
    expect(JSON.parse(stdout)).toMatchObject({ archive, left_out: [] });
    const raise = ['--command=INSERT INTO schema_version (version) VALUES (99)', 'steward'];
    await project.compose(['exec', '-T', 'postgres', 'psql', '--username=steward', ...raise]);
    await project.compose(['down']);
    await expect(project.steward(['up'])).rejects.toThrow(
      /the volume steward_postgres was written by a newer Steward \(schema 99; this one knows \d+\)/,
    );
    expect((await project.compose(['ps', '--all', '--services'])).stdout.trim()).toBe('postgres');
    expect((await project.inspect('postgres')).State.Status).toBe('exited');
  }, 180_000);

  test('the runs that pg_dump saved are there again where all volumes were lost, and new ones come to them', async () => {
    await project.compose(['down', '--volumes']);
    const { stdout } = await project.steward(['restore', '--json', archive]);
    expect((JSON.parse(stdout) as { volumes: string[] }).volumes).toContain('steward_postgres');
    await project.compose(['up', '--detach']);
    await untilAnswers(project, 'remediator');
    expect(await untilRun(project, ({ id }) => id === healed.id)).toEqual(healed);
    await project.compose(['exec', '-T', 'demo', 'break', 'permissions']);
    await untilRun(project, ({ policy, outcome }) => policy === 'fix-permissions' && outcome === 'verified');
  }, 300_000);
}

/** Asks as the remediator does, with what it has. */
async function askStore(project: Project, query: string): Promise<number> {
  const script = `
    const password = require('fs').readFileSync('/etc/steward/secrets/queries_password', 'utf8');
    fetch('http://victoria-metrics:8428/api/v1/query?query=' + encodeURIComponent(process.argv[1]), {
      headers: { authorization: 'Basic ' + btoa('steward:' + password) },
    }).then((response) => response.text()).then(console.log)`;
  const { stdout } = await project.compose(['exec', '-T', 'remediator', 'node', '-e', script, query]);
  const { data } = JSON.parse(stdout) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1]);
}
