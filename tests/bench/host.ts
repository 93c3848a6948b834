import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess } from '../../lab/parts/process.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { startNodeExporter, type Peer } from '../helpers/peers.ts';
import { cpuSeconds } from './cpu-time.ts';
import { atMost, quantile, type Bench, type Figure } from './figure.ts';

const WARM_UP_SCRAPES = 500;

/** How the scrapes follow each other. */
interface Way {
  readonly name: string;
  /** Prometheus asks for gzip, which node_exporter gives and ours does not; without it both have the same to do. */
  readonly encoding: 'gzip' | 'identity';
  readonly rounds: number;
  readonly scrapesARound: number;
  /** With a pause other programs fill the CPU's caches meanwhile, as between real scrapes. */
  readonly pauseMs: number;
}

const ways: readonly Way[] = [
  { name: 'as Prometheus asks', encoding: 'gzip', rounds: 9, scrapesARound: 200, pauseMs: 0 },
  { name: 'without compression', encoding: 'identity', rounds: 9, scrapesARound: 200, pauseMs: 0 },
  { name: 'as Prometheus asks, with pauses', encoding: 'gzip', rounds: 5, scrapesARound: 40, pauseMs: 100 },
];

/**
 * The CPU time of a scrape of the machine itself, beside node_exporter with collectors for the same things: in turns, round by round,
 * in one run on one machine.
 */
export const host: Bench = async (progress) => {
  const root = new URL('../..', import.meta.url).pathname;
  await runCommand([process.execPath, 'cli/strip.ts'], { cwd: root });
  const folder = await createTempFolder('steward-bench');
  const peers: Peer[] = [];
  try {
    const ours = await startOurs(root, folder.path);
    peers.push(ours);
    const theirs = await startNodeExporter(folder.path);
    peers.push(theirs);
    const figures: Figure[] = [];
    for (const peer of peers) await scrapeMany(peer, 'gzip', WARM_UP_SCRAPES, 0);
    for (const way of ways) figures.push(await compare(ours, theirs, way, progress));
    return figures;
  } finally {
    await Promise.all(peers.map((peer) => peer.process.stop()));
    await folder.remove();
  }
};

async function startOurs(root: string, folder: string): Promise<Peer> {
  const address = `127.0.0.1:${await freePort()}`;
  await writeFile(join(folder, 'password'), 'not a secret');
  await writeFile(
    join(folder, 'steward.yml'),
    `hosts:\n  here: { local: true }\nexporter: { listen: '${address}', password_file: password }\n`,
  );
  const started = await startProcess({
    name: 'exporter',
    argv: [process.execPath, join(root, 'dist/exporter/main.js'), '--config', join(folder, 'steward.yml')],
    logFile: join(folder, 'exporter.log'),
  });
  const url = `http://${address}`;
  await started.untilReady(async () => (await fetch(`${url}/-/ready`)).ok);
  return { url, process: started };
}

async function compare(
  ours: Peer,
  theirs: Peer,
  way: Way,
  progress: (line: string) => void,
): Promise<Figure> {
  const [our, their]: [number[], number[]] = [[], []];
  for (let round = 1; round <= way.rounds; round += 1) {
    our.push(await millisecondsAScrape(ours, way));
    their.push(await millisecondsAScrape(theirs, way));
  }
  const [median, theirMedian] = [quantile(our, 0.5), quantile(their, 0.5)];
  progress(
    `${way.name}: ${median.toFixed(2)} ms of CPU a scrape, node_exporter ${theirMedian.toFixed(2)} ms`,
  );
  const name = `CPU of a scrape of the host, of that of node_exporter, ${way.name}`;
  return atMost(name, 'ratio', 1.5, median / theirMedian, way.rounds);
}

async function millisecondsAScrape(
  { url, process }: Peer,
  { encoding, scrapesARound, pauseMs }: Way,
): Promise<number> {
  const before = await cpuSeconds(process.pid);
  await scrapeMany({ url }, encoding, scrapesARound, pauseMs);
  return ((await cpuSeconds(process.pid)) - before) * (1000 / scrapesARound);
}

async function scrapeMany(
  { url }: Pick<Peer, 'url'>,
  encoding: string,
  scrapes: number,
  pauseMs: number,
): Promise<void> {
  for (let scrape = 0; scrape < scrapes; scrape += 1) {
    const response = await fetch(`${url}/metrics`, { headers: { 'accept-encoding': encoding } });
    if (!response.ok) throw new Error(`${url} answered with ${response.status}`);
    await response.text();
    if (pauseMs > 0) await delay(pauseMs);
  }
}
