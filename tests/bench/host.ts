import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess } from '../../lab/parts/process.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { startNodeExporter, type Peer } from '../helpers/peers.ts';
import { cpuSeconds } from './cpu-time.ts';
import { atMost, quantile, type Bench, type Figure } from './figure.ts';

const ROUNDS = 9;
const SCRAPES_A_ROUND = 200;
const WARM_UP_SCRAPES = 500;
/** Prometheus asks for gzip, which node_exporter gives and ours does not; without it both have the same to do. */
const encodings = ['gzip', 'identity'] as const;

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
    for (const encoding of encodings) figures.push(await compare(ours, theirs, encoding, progress));
    return figures;
  } finally {
    await Promise.all(peers.map((peer) => peer.process.stop()));
    await folder.remove();
  }
};

async function compare(
  ours: Peer,
  theirs: Peer,
  encoding: string,
  progress: (line: string) => void,
): Promise<Figure> {
  for (const peer of [ours, theirs]) await scrapeMany(peer, encoding, WARM_UP_SCRAPES);
  const [our, their]: [number[], number[]] = [[], []];
  for (let round = 1; round <= ROUNDS; round += 1) {
    our.push(await millisecondsAScrape(ours, encoding));
    their.push(await millisecondsAScrape(theirs, encoding));
  }
  const [median, theirMedian] = [quantile(our, 0.5), quantile(their, 0.5)];
  progress(
    `${encoding}: ${median.toFixed(2)} ms of CPU a scrape, node_exporter ${theirMedian.toFixed(2)} ms`,
  );
  const name = `CPU of a scrape of the host, of that of node_exporter, ${encoding}`;
  return atMost(name, 'ratio', 1.5, median / theirMedian, ROUNDS);
}

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

async function millisecondsAScrape(peer: Peer, encoding: string): Promise<number> {
  const before = await cpuSeconds(peer.process.pid);
  await scrapeMany(peer, encoding, SCRAPES_A_ROUND);
  return ((await cpuSeconds(peer.process.pid)) - before) * (1000 / SCRAPES_A_ROUND);
}

async function scrapeMany({ url }: Peer, encoding: string, scrapes: number): Promise<void> {
  for (let scrape = 0; scrape < scrapes; scrape += 1) {
    const response = await fetch(`${url}/metrics`, { headers: { 'accept-encoding': encoding } });
    if (!response.ok) throw new Error(`${url} answered with ${response.status}`);
    await response.text();
  }
}
