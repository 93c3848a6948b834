import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordedPages } from './recorded-lab.ts';

/** How many of each kind there are. */
export interface PlayedSize {
  readonly hosts: number;
  readonly sites: number;
  readonly bots: number;
  readonly jobs: number;
}

/** What Prometheus scrapes, for next to no CPU: every target of a kind says what the real one once said. */
export interface PlayedFleet {
  readonly ports: Readonly<Record<'exporter' | 'remediator' | 'alertmanager', number>>;
  /** How many targets the exporter names, itself included. */
  readonly targets: number;
  stop(): Promise<void>;
}

/** Serves the recorded pages as the exporter, the remediator and Alertmanager do. */
export async function startPlayedFleet(pages: RecordedPages, size: PlayedSize): Promise<PlayedFleet> {
  const targets = targetsOf(size);
  const exporter = await serve((path, query, address) => {
    if (path === '/targets') return JSON.stringify(targets.map((labels) => ({ targets: [address], labels })));
    return path === '/metrics' ? pages.exporter : pageOfTarget(pages, query);
  });
  const remediator = await serve(() => pages.remediator);
  const alertmanager = await serve(() => pages.alertmanager);
  const servers = { exporter, remediator, alertmanager };
  return {
    ports: { exporter: portOf(exporter), remediator: portOf(remediator), alertmanager: portOf(alertmanager) },
    targets: targets.length,
    async stop() {
      for (const server of Object.values(servers)) {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      }
    },
  };
}

type Labels = Readonly<Record<string, string>>;

function targetsOf({ hosts, sites, bots, jobs }: PlayedSize): Labels[] {
  const of = (module: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      job: module,
      instance: `${module}-${index}`,
      host: `host-${module === 'host' ? index : index % hosts}`,
      __metrics_path__: '/probe',
      __param_module: module,
      __param_target: `${module}-${index}`,
    }));
  return [
    { job: 'exporter', instance: 'exporter' },
    ...of('host', hosts),
    ...of('site', sites),
    ...of('bot', bots),
    ...of('job', jobs),
  ];
}

/** Every other job is a stage of a pipeline. */
function pageOfTarget(pages: RecordedPages, query: URLSearchParams): string {
  const [module = '', number = ''] = (query.get('target') ?? '').split('-');
  if (module === 'job') return Number(number) % 2 === 0 ? pages.job : pages.stage;
  if (module === 'host' || module === 'site' || module === 'bot') return pages[module];
  throw new Error(`there is no module ${JSON.stringify(module)}`);
}

async function serve(
  pageOf: (path: string, query: URLSearchParams, address: string) => string,
): Promise<Server> {
  const server = createServer(({ url = '/', headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    const text = pageOf(pathname, searchParams, headers.host ?? '');
    const type = text.startsWith('[') ? 'application/json' : 'text/plain; version=0.0.4';
    response.writeHead(200, { 'content-type': type }).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
