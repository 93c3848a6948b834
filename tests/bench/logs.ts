import { appendFile, chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logStatesSchema, type LogStates } from '../../exporter/logs/log-state.ts';
import { readLogs, type LogTarget } from '../../exporter/logs/read-logs.ts';
import type { LogFormat } from '../../inventory/schema/log-file.ts';
import { siteSchema } from '../../inventory/schema/site.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../helpers/hardened-host.ts';
import { cpuSecondsOfTree } from './cpu-time.ts';
import { atMost, quantile, type Bench, type Figure } from './figure.ts';

const ROUNDS = 7;
/** Logs are read every 15 s. */
const ROUND_SECONDS = 15;
const BYTES_A_ROUND = (100 * 1024 * 1024 * ROUND_SECONDS) / 60;

const shopVisit =
  '203.0.113.7 - - [23/Nov/2026:02:39:34 +0000] "GET /product/blue-shirt/?add-to-cart=4711 HTTP/2.0" 200 18234 "https://shop.example.com/cart/" "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" 0.182\n';
const shopFatal = `[23-Nov-2026 02:40:24 UTC] PHP Fatal error:  Uncaught Error: Call to undefined function acme_missing_function() in /var/www/blog/wp-content/plugins/acme-shop/acme-shop.php:8
Stack trace:
#0 /var/www/blog/wp-includes/class-wp-hook.php(308): {closure}()
#1 /var/www/blog/wp-includes/class-wp-hook.php(332): WP_Hook->apply_filters()
#2 /var/www/blog/wp-includes/plugin.php(517): WP_Hook->do_action()
#3 /var/www/blog/wp-settings.php(617): do_action()
#4 {main}
  thrown in /var/www/blog/wp-content/plugins/acme-shop/acme-shop.php on line 8
`;

const logs: readonly { readonly format: LogFormat; readonly record: string }[] = [
  { format: 'nginx-access', record: shopVisit },
  { format: 'wordpress-debug', record: shopFatal },
];

/** The CPU that following a log of 100 MB a minute takes, as a share of one CPU: in the exporter, and on the host behind a real sshd. */
export const followLogs: Bench = async (progress) => {
  const folder = await createTempFolder('steward-bench-logs');
  await chmod(folder.path, 0o755);
  const site = {
    host: 'web1',
    url: 'http://127.0.0.1/',
    path: '/srv/steward-logs',
    owner: 'www-data',
    logs: logs.map(({ format }) => ({ file: join(folder.path, format), format })),
  };
  for (const { file } of site.logs) await writeFile(file, '');
  const hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: JSON.stringify({ blog: site }),
  });
  const host = hardened.open('read');
  try {
    const target = { id: 'blog', entry: siteSchema.parse(site), host };
    const figures: Figure[] = [];
    for (const [number, { record }] of logs.entries()) {
      figures.push(...(await measure(target, hardened, number, record, progress)));
    }
    return figures;
  } finally {
    await host.close();
    await hardened.remove();
    await folder.remove();
  }
};

async function measure(
  target: LogTarget,
  hardened: HardenedHost,
  number: number,
  record: string,
  progress: (line: string) => void,
): Promise<Figure[]> {
  const { file = '', format = '' } = target.entry.logs?.[number] ?? {};
  const added = record.repeat(Math.ceil(BYTES_A_ROUND / record.length));
  let states: LogStates = (await readLogs(target, {}, new AbortController().signal)).states;
  const [own, far]: [number[], number[]] = [[], []];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await appendFile(file, added);
    const before = { own: process.cpuUsage(), far: await cpuSecondsOfTree(hardened.sshd.process.pid) };
    const reading = await readLogs(target, states, new AbortController().signal);
    states = logStatesSchema.parse(JSON.parse(JSON.stringify(reading.states)));
    const used = process.cpuUsage(before.own);
    own.push((used.user + used.system) / 1e6 / ROUND_SECONDS);
    far.push(((await cpuSecondsOfTree(hardened.sshd.process.pid)) - before.far) / ROUND_SECONDS);
    if (states[format]?.counts.bytes !== round * added.length) throw new Error('not all of the log was read');
  }
  const [ownShare, farShare] = [quantile(own, 0.5), quantile(far, 0.5)];
  progress(
    `${format}: ${(ownShare * 100).toFixed(1)} % of a CPU in the exporter, ${(farShare * 100).toFixed(1)} % on the host`,
  );
  return [
    atMost(`CPU of the exporter for 100 MB of ${format} a minute`, 'ratio', 0.15, ownShare, ROUNDS),
    atMost(`CPU of the host for 100 MB of ${format} a minute`, 'ratio', 0.1, farShare, ROUNDS),
  ];
}
