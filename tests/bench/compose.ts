import { join } from 'node:path';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { makeBaseImages, makeSiteImage } from '../compose/engine/base-images.ts';
import { startEngine } from '../compose/engine/engine.ts';
import { createProject, type Project } from '../compose/engine/project.ts';
import { atMost, quantile, type Bench } from './figure.ts';

const ROUNDS = 3;
const TARGETS = 8;
const SERVICES = ['exporter', 'remediator', 'prometheus', 'alertmanager', 'demo'] as const;
const OWN = ['exporter', 'remediator'] as const;
const KB = 1024;

/**
 * The stack of docker-compose.yml on an engine of its own, without Grafana: how long `docker compose up` takes until every target has been
 * scraped well, with the images and a host to watch there already, and what exporter and remediator then keep resident.
 */
export const compose: Bench = async (progress) => {
  await using resources = new AsyncDisposableStack();
  const folder = await createTempFolder('steward-bench-compose');
  resources.defer(() => folder.remove());
  const engine = await startEngine(folder.path);
  resources.defer(() => engine.stop());
  progress('images are made');
  await makeBaseImages(engine, join(folder.path, 'images'));
  await makeSiteImage(engine, join(folder.path, 'images'));
  const project = await createProject(engine, join(folder.path, 'clone'));
  await project.compose(['run', '--rm', 'prepare-demo']);
  await project.compose(['build']);
  const stack = SERVICES.filter((name) => name !== 'demo');
  await project.compose(['up', '--detach', '--wait', 'demo']);
  const seconds: number[] = [];
  const megabytes: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`round ${round} of ${ROUNDS}`);
    seconds.push(await secondsToScraped(project, stack));
    megabytes.push(await residentMegabytes(project));
    await project.compose(['rm', '--stop', '--force', '--volumes', ...stack]);
    await project.compose(['down', '--volumes', ...stack]);
  }
  return [
    atMost(
      'docker compose up to the first good scrape of all targets',
      's',
      30,
      quantile(seconds, 1),
      ROUNDS,
    ),
    atMost('exporter and remediator resident', 'MB', 250, quantile(megabytes, 1), ROUNDS),
  ];
};

async function secondsToScraped(project: Project, services: readonly string[]): Promise<number> {
  const before = performance.now();
  await project.compose(['up', '--detach', ...services]);
  await waitUntil(async () => (await project.query(`count(up == 1) == ${TARGETS}`)) !== undefined, {
    what: 'all targets to be scraped',
    timeoutMs: 120_000,
    intervalMs: 200,
  });
  return (performance.now() - before) / 1000;
}

/** What the kernel says of the largest process of each container, which is Node's. */
async function residentMegabytes(project: Project): Promise<number> {
  let kilobytes = 0;
  for (const name of OWN) {
    const { stdout } = await project.compose(['exec', '-T', name, 'sh', '-c', 'cat /proc/[0-9]*/status']);
    const sizes = [...stdout.matchAll(/^VmRSS:\s+(\d+) kB$/gm)].map(([, size]) => Number(size));
    kilobytes += Math.max(...sizes);
  }
  return (kilobytes * KB) / 1e6;
}
