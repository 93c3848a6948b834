import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  FREQTRADE_LOGIN,
  startFreqtradeDouble,
  type FreqtradeDouble,
} from '../../../lab/bot/freqtrade-double.ts';
import type { RecordedSite } from './recorded-site.ts';
import { startSshServers, type SshServers } from './ssh-servers.ts';

/** So many sites stand on one host, as at a small agency. */
const SITES_A_HOST = 50;

/** How much there is to watch. */
export interface FleetSize {
  readonly sites: number;
  readonly bots: number;
}

/** Hosts, sites and bots that answer as real ones do, for little CPU. */
export interface SimulatedFleet {
  /** What steward.yml says of a part of them. */
  inventory(size: FleetSize): { readonly exporter: object };
  stop(): Promise<void>;
}

/** Starts as many as are ever needed at once. */
export async function startSimulatedFleet(
  folder: string,
  recorded: RecordedSite,
  size: FleetSize,
): Promise<SimulatedFleet> {
  const ssh = await startSshServers(folder, Math.ceil(size.sites / SITES_A_HOST), recorded.answer);
  const web = await startWebServer(recorded.page);
  const bots = await Promise.all(Array.from({ length: size.bots }, () => startFreqtradeDouble()));
  await mkdir(join(folder, 'secrets'), { recursive: true });
  await writeFile(join(folder, 'secrets', 'bot'), FREQTRADE_LOGIN.password);
  return {
    inventory: ({ sites: siteCount, bots: botCount }) => ({
      hosts: {
        here: { local: true },
        ...hostEntries(ssh, Math.ceil(siteCount / SITES_A_HOST)),
      },
      sites: siteEntries(recorded, web, siteCount),
      bots: botEntries(bots.slice(0, botCount)),
      exporter: { wordpress_org: recorded.wordPressOrg },
    }),
    async stop() {
      await Promise.all([ssh.stop(), stopWebServer(web), ...bots.map((bot) => bot.stop())]);
    },
  };
}

function hostEntries({ ports, keyFile, hostKeyFingerprint }: SshServers, count: number): object {
  return Object.fromEntries(
    ports.slice(0, count).map((port, index) => [
      `host-${index}`,
      {
        address: '127.0.0.1',
        port,
        read_key_file: keyFile,
        act_key_file: `${keyFile}_act`,
        host_key: hostKeyFingerprint,
      },
    ]),
  );
}

function siteEntries({ settings }: RecordedSite, web: Server, count: number): object {
  const { port } = web.address() as AddressInfo;
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `site-${index}`,
      {
        host: `host-${Math.floor(index / SITES_A_HOST)}`,
        url: `http://127.0.0.1:${port}/site-${index}/`,
        path: `/srv/site-${index}`,
        ...settings,
      },
    ]),
  );
}

function botEntries(bots: readonly FreqtradeDouble[]): object {
  const { username } = FREQTRADE_LOGIN;
  return Object.fromEntries(
    bots.map(({ url }, index) => [
      `bot-${index}`,
      { kind: 'freqtrade', url, username, password_file: 'secrets/bot', host: 'here' },
    ]),
  );
}

async function startWebServer(page: string): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=UTF-8' }).end(page);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function stopWebServer(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
