import { join } from 'node:path';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { makeBaseImages, makeSiteImage } from '../compose/engine/base-images.ts';
import { startEngine } from '../compose/engine/engine.ts';
import { createProject, type Project } from '../compose/engine/project.ts';
import { untilRun } from '../compose/engine/running-stack.ts';
import { atMost, quantile, type Bench } from './figure.ts';

const ROUNDS = 3;
const SCRAPES = 2500;
const TARGETS = 8;
const SERVICES = ['exporter', 'remediator', 'prometheus', 'alertmanager', 'demo'] as const;
const OWN = ['exporter', 'remediator'] as const;
const KB = 1024;

/**
 * The stack of docker-compose.yml on an engine of its own, without Grafana, as it is shipped. The time begins as `docker compose up --detach` of exporter,
 * remediator, Prometheus and Alertmanager does, with their images there, and no container or volume of them; the demo's container, which they
 * watch, is healthy before that. It ends as Prometheus says that all targets are up, which it is asked five times a second. Memory is what the kernel says is
 * resident of Node in both containers together: as the time ends, and again after load, which is a site broken and healed, and scrapes eight at once.
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
  const atStart: number[] = [];
  const afterLoad: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`round ${round} of ${ROUNDS}`);
    seconds.push(await secondsToScraped(project, stack));
    atStart.push(await residentMegabytes(project));
    await healOnce(project);
    await scrapeOften(project);
    afterLoad.push(await residentMegabytes(project));
    await project.compose(['rm', '--stop', '--force', '--volumes', ...stack]);
    await engine.docker(['volume', 'rm', ...stack.map((name) => `steward_${name}`)]);
  }
  return [
    atMost(
      'docker compose up to the first good scrape of all targets, with the watched host ready',
      's',
      30,
      quantile(seconds, 1),
      ROUNDS,
    ),
    atMost('exporter and remediator resident, just started', 'MB', 250, quantile(atStart, 1), ROUNDS),
    atMost(`the same after a healing and ${SCRAPES} scrapes`, 'MB', 250, quantile(afterLoad, 1), ROUNDS),
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

/** The journal is a new one in each round, so that the run is of this one. */
async function healOnce(project: Project): Promise<void> {
  await project.compose(['exec', '-T', 'demo', 'break', 'permissions']);
  await untilRun(project, ({ policy, outcome }) => policy === 'fix-permissions' && outcome === 'verified');
}

/** Scrapes everything that Prometheus scrapes of the two, in turn, eight at once. */
async function scrapeOften(project: Project): Promise<void> {
  const script = `
    const groups = await (await fetch('http://exporter:9840/targets')).json();
    const urls = ['http://remediator:9841/metrics', ...groups.map(({ labels }) => 'http://exporter:9840'
      + labels.__metrics_path__ + '?' + (labels.__param_target === undefined ? ''
        : 'module=' + labels.__param_module + '&target=' + labels.__param_target))];
    let left = ${SCRAPES};
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (left-- > 0) await (await fetch(urls[left % urls.length])).arrayBuffer();
    }));`;
  await project.compose(['exec', '-T', 'remediator', 'node', '--input-type=module', '-e', script]);
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
