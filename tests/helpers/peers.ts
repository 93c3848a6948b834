import { join } from 'node:path';
import { freePort } from '../../lab/parts/free-port.ts';
import { startProcess, type RunningProcess } from '../../lab/parts/process.ts';

/** An exporter of the Prometheus project that runs beside ours. */
export interface Peer {
  readonly url: string;
  readonly process: RunningProcess;
}

/** The collectors of node_exporter that read what ours do. */
const NODE_COLLECTORS = [
  'cpu',
  'meminfo',
  'vmstat',
  'loadavg',
  'pressure',
  'filesystem',
  'diskstats',
  'filefd',
  'netdev',
  'conntrack',
  'stat',
  'os',
  'uname',
];

/** Starts node_exporter with the collectors that ours has, and without metrics of itself, in a folder for its log. */
export function startNodeExporter(folder: string): Promise<Peer> {
  return startPeer(folder, 'prometheus-node-exporter', [
    '--collector.disable-defaults',
    '--web.disable-exporter-metrics',
    ...NODE_COLLECTORS.map((name) => `--collector.${name}`),
  ]);
}

/** Starts blackbox_exporter with a configuration file. */
export function startBlackboxExporter(folder: string, configFile: string): Promise<Peer> {
  return startPeer(folder, 'prometheus-blackbox-exporter', [`--config.file=${configFile}`]);
}

async function startPeer(folder: string, program: string, options: readonly string[]): Promise<Peer> {
  const address = `127.0.0.1:${await freePort()}`;
  const started = await startProcess({
    name: program,
    argv: [program, ...options, `--web.listen-address=${address}`],
    logFile: join(folder, `${program}.log`),
    debianPackage: program,
  });
  const url = `http://${address}`;
  await started.untilReady(async () => (await fetch(url)).ok);
  return { url, process: started };
}
