import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { makeDatabaseImages } from './database-images.ts';
import type { Engine } from './engine.ts';
import { enlarge } from './enlarge.ts';
import { createProject, type Project } from './project.ts';
import { startsOf, untilAnswers, untilRun, untilScraped } from './running-stack.ts';

/** Those of the demo, a second remediator and a second Alertmanager. */
const TARGETS = 10;

/** The tests of the profiles `postgres` and `scale` together, on an engine that has the images of the usual stack. */
export function testLargeStack(engine: Engine, folder: string): void {
  let project: Project;

  beforeAll(async () => {
    await makeDatabaseImages(engine, join(folder, 'images/databases'));
    project = await createProject(engine, join(folder, 'large'), 'postgres,scale,demo');
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
    expect((await project.inspect('remediator')).State.Status).toBe('exited');
    expect(await project.query('host_service_up{instance="lab",name="php-fpm"}')).toBe(1);
  }, 420_000);
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
