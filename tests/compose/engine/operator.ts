import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Engine } from './engine.ts';
import { createProject, type Project } from './project.ts';
import { quicken } from './quicken.ts';

const QUARTER_HOUR = 15 * 60_000;
const ALERTMANAGERS = ['alertmanager', 'alertmanager-2'];
const STEWARD_YML = `exporter: { listen: '0.0.0.0:9840', url: 'http://exporter:9840' }
remediator: { listen: '0.0.0.0:9841' }
prometheus: { url: 'http://prometheus:9090' }
alertmanager: { url: 'http://alertmanager:9093' }
jobs: { backup: { every: 24h } }
`;

/** The tests of what an operator does with `steward up`, `backup` and `restore`, on an engine that has base images. Images of Steward are taken away from it. */
export function testOperator(engine: Engine, folder: string): void {
  let project: Project;

  beforeAll(async () => {
    await removeOwnImages();
    project = await newClone('clone');
  }, QUARTER_HOUR);
  afterAll(() => project.compose(['--profile', 'scale', 'down', '--volumes']), 120_000);

  /** A clone that nothing was done in yet. */
  async function newClone(name: string): Promise<Project> {
    const clone = await createProject(engine, join(folder, name, 'clone'));
    await quicken(clone.folder);
    for (const made of ['steward.yml', 'secrets'])
      await rm(join(clone.folder, made), { recursive: true, force: true });
    return clone;
  }

  async function removeOwnImages(): Promise<void> {
    const { stdout } = await engine.docker(['images', '--format', '{{.Repository}}:{{.Tag}}']);
    const own = stdout.split('\n').filter((image) => image.startsWith('localhost/steward/'));
    if (own.length > 0) await engine.docker(['image', 'rm', ...own]);
  }

  async function containers(): Promise<string[]> {
    return (await engine.docker(['ps', '--format', '{{.Names}}'])).stdout.trim().split('\n').sort();
  }

  test(
    'compose alone, in a clone without steward.yml and secrets, starts nothing and names one of them',
    async () => {
      // Which of the two, the engine has in no order of its own.
      await expect(project.compose(['up', '--detach', 'exporter'])).rejects.toThrow(
        /bind source path does not exist: \S+\/clone\/(?:secrets|steward\.yml)/,
      );
      expect(await containers()).toEqual(['']);
      await project.compose(['down']);
    },
    QUARTER_HOUR,
  );

  test(
    'steward up builds what has no image, and returns once all is healthy',
    async () => {
      await writeFile(join(project.folder, 'steward.yml'), STEWARD_YML);
      await project.steward(['secrets']);
      await writeFile(
        join(project.folder, '.env'),
        'COMPOSE_PROFILES=scale\nSTEWARD_ALERTMANAGER_CLUSTER=0.0.0.0:9094\nSTEWARD_REMEDIATOR_PORT=9941\n',
      );
      await project.steward(['up', '--', 'exporter', 'remediator', ...ALERTMANAGERS]);
      for (const name of ['exporter', 'remediator', ...ALERTMANAGERS])
        expect((await project.inspect(name)).State.Health?.Status).toBe('healthy');
      expect((await project.inspect('remediator')).NetworkSettings.Ports['9841/tcp']).toEqual([
        { HostIp: '127.0.0.1', HostPort: '9941' },
      ]);
    },
    QUARTER_HOUR,
  );

  test(
    'a second steward up finds its own ports taken by itself, and changes nothing',
    async () => {
      const { Id } = await project.inspect('remediator');
      await project.steward(['up', '--', 'remediator']);
      expect((await project.inspect('remediator')).Id).toBe(Id);
    },
    QUARTER_HOUR,
  );

  test(
    'what was saved of the profile scale comes back into a new clone',
    async () => {
      const archive = join(folder, 'state.tar.gz');
      // They write what they know at their end, and every quarter of an hour.
      await project.compose(['stop', ...ALERTMANAGERS]);
      await project.steward(['backup', archive]);
      await project.compose(['--profile', 'scale', 'down', '--volumes']);
      const other = await newClone('other');
      const { stdout } = await other.steward(['restore', '--json', archive]);
      const { volumes } = JSON.parse(stdout) as { volumes: string[] };
      expect(volumes.sort()).toEqual(
        ['alertmanager', 'alertmanager-2', 'exporter', 'remediator'].map((name) => `steward_${name}`),
      );
      expect(await readFile(join(other.folder, 'steward.yml'), 'utf8')).toBe(STEWARD_YML);
      await other.steward(['up', '--', 'remediator', ...ALERTMANAGERS]);
      project = other;
    },
    QUARTER_HOUR,
  );

  test(
    'a service that ends at each start is told with what it said',
    async () => {
      const file = join(project.folder, 'alertmanager/alertmanager.yml');
      await cp(file, `${file}.kept`);
      await writeFile(file, 'route: { receiver: nobody-there }\n');
      await project.compose(['rm', '--stop', '--force', 'alertmanager']);
      await expect(project.steward(['up', '--', 'alertmanager'])).rejects.toThrow(
        /alertmanager is not healthy \(restarting\): .*nobody-there/,
      );
      await cp(`${file}.kept`, file);
    },
    QUARTER_HOUR,
  );

  test(
    'a volume of a newer Steward is refused before anything starts',
    async () => {
      await project.compose(['stop']);
      const raise = `const { DatabaseSync } = require('node:sqlite');
new DatabaseSync('/state/journal.sqlite').exec('PRAGMA user_version = 99')`;
      const mount = ['--volume', 'steward_remediator:/state', '--entrypoint', 'node'];
      await engine.docker(['run', '--rm', ...mount, 'localhost/steward/remediator:0.1.0', '-e', raise]);
      const running = await containers();
      await expect(project.steward(['up', '--', 'remediator'])).rejects.toThrow(
        /the volume steward_remediator was written by a newer Steward \(schema 99; this one knows \d+\): .*/,
      );
      expect(await containers()).toEqual(running);
    },
    QUARTER_HOUR,
  );
}
