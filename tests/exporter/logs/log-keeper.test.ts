import { appendFile, chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLogKeeper, type LogKeeper } from '../../../exporter/logs/log-keeper.ts';
import { botLogMetrics, logSamples, siteLogMetrics } from '../../../exporter/logs/log-metrics.ts';
import { logStatesSchema, type LogStates } from '../../../exporter/logs/log-state.ts';
import type { LogTarget } from '../../../exporter/logs/read-logs.ts';
import { seriesNameOf, type Sample } from '../../../exporter/metrics/metric.ts';
import type { StateFile } from '../../../exporter/state/state-file.ts';
import type { Host } from '../../../hosts/host.ts';
import { siteSchema } from '../../../inventory/schema/site.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;
let host: Host;
let target: LogTarget;
let saved: LogStates | undefined;
let isFull: boolean;

const signal = new AbortController().signal;
const access = () => join(folder.path, 'access.log');
const debug = () => join(folder.path, 'debug.log');
const request = (what: string, status: number, seconds: string) =>
  `1.2.3.4 - - [23/Nov/2026:02:39:35 +0000] "${what} HTTP/1.1" ${status} 5 "-" "-" ${seconds}\n`;
const fatal =
  '[23-Nov-2026 02:40:25 UTC] PHP Fatal error:  bad in /srv/wp-content/plugins/acme/x.php on line 1\n';

/** A file that can be full, as a disk is. */
const file: StateFile<LogStates> = {
  load: () => Promise.resolve(structuredClone(saved)),
  save(states) {
    if (isFull) return Promise.reject(new Error('no space left on device'));
    saved = structuredClone(states);
    return Promise.resolve();
  },
};
const startKeeper = () => createLogKeeper(() => file);

beforeAll(async () => {
  folder = await createTempFolder('steward-keeper');
  await chmod(folder.path, 0o755);
  const site = {
    host: 'web1',
    url: 'http://127.0.0.1/',
    path: '/srv/steward-logs',
    owner: 'www-data',
    logs: [
      { file: access(), format: 'nginx-access' },
      { file: debug(), format: 'wordpress-debug' },
    ],
  };
  hardened = await startHardenedHost(folder.path, { services: '[]', sites: JSON.stringify({ blog: site }) });
  host = hardened.open('read');
  target = { id: 'blog', entry: siteSchema.parse(site), host };
});
afterAll(async () => {
  await host.close();
  await hardened.remove();
  await folder.remove();
});
beforeEach(async () => {
  saved = undefined;
  isFull = false;
  await writeFile(access(), '');
  await writeFile(debug(), '');
});

async function read(keeper = startKeeper()): Promise<Map<string, number>> {
  const samples = logSamples(target.entry, await keeper.read(target, signal));
  return new Map(samples.map(nameAndValue));
}

function nameAndValue(each: Sample): [string, number] {
  return [[seriesNameOf(each), ...Object.values(each.labels)].join(' '), each.value];
}

describe('what is counted in logs', () => {
  test('is there as zero from the beginning, with size and whether it can be read', async () => {
    const samples = await read();
    expect(samples.get('wordpress_log_readable nginx-access')).toBe(1);
    expect(samples.get('wordpress_log_events_total wordpress-debug fatal')).toBe(0);
    expect(samples.get('wordpress_log_requests_total nginx-access 5xx')).toBe(0);
    expect(samples.get('wordpress_log_visits_total nginx-access')).toBe(0);
    expect(samples.get('wordpress_log_login_failures_total nginx-access')).toBe(0);
  });

  test('goes on over a restart of the exporter', async () => {
    await read();
    await appendFile(access(), request('POST /wp-login.php', 200, '0.300') + request('GET /', 502, '3.000'));
    await appendFile(debug(), fatal);
    await read();
    await appendFile(debug(), fatal);
    await read();
    const samples = await read();
    expect(samples.get('wordpress_log_fatals_total wordpress-debug plugin acme')).toBe(2);
    expect(samples.get('wordpress_log_events_total wordpress-debug fatal')).toBe(2);
    expect(samples.get('wordpress_log_login_failures_total nginx-access')).toBe(1);
    expect(samples.get('wordpress_log_requests_total nginx-access 5xx')).toBe(1);
    expect(samples.get('wordpress_log_visits_total nginx-access')).toBe(2);
    expect(samples.get('wordpress_log_request_duration_seconds_bucket nginx-access 0.5')).toBe(1);
    expect(samples.get('wordpress_log_request_duration_seconds_bucket nginx-access +Inf')).toBe(2);
    expect(samples.get('wordpress_log_request_duration_seconds_count nginx-access')).toBe(2);
    expect(samples.get('wordpress_log_request_duration_seconds_sum nginx-access')).toBeCloseTo(3.3);
    expect(samples.get('wordpress_log_size_bytes wordpress-debug')).toBe(2 * fatal.length);
    expect(samples.get('wordpress_log_read_bytes_total wordpress-debug')).toBe(2 * fatal.length);
  });

  test('goes on from a state of before visits were counted', async () => {
    await appendFile(access(), request('GET /', 200, '0.300'));
    await read();
    const known = saved?.['nginx-access'];
    if (known === undefined) throw new Error('nothing was saved');
    const { visits, ...counts } = known.counts;
    expect(visits).toBe(0);
    const older = logStatesSchema.parse({ ...saved, 'nginx-access': { ...known, counts } });
    saved = older;
    await appendFile(access(), request('GET /', 200, '0.300'));
    await read();
    expect((await read()).get('wordpress_log_visits_total nginx-access')).toBe(1);
  });

  test('is not shown, and not counted twice, while it cannot be saved', async () => {
    const keeper = startKeeper();
    await read(keeper);
    isFull = true;
    await appendFile(debug(), fatal + fatal);
    await expect(read(keeper)).rejects.toThrow('no space left');
    isFull = false;
    await read(keeper);
    const samples = await read(keeper);
    expect(samples.get('wordpress_log_fatals_total wordpress-debug plugin acme')).toBe(2);
  });

  test('begins at zero where it is new, and then goes on, over a restart too', async () => {
    const acme = async (keeper: LogKeeper) =>
      (await read(keeper)).get('wordpress_log_fatals_total wordpress-debug plugin acme');
    const keeper = startKeeper();
    expect(await acme(keeper)).toBeUndefined();
    await appendFile(debug(), fatal.repeat(80));
    // A fatal error is whole once the next reading finds nothing after it.
    expect(await acme(keeper)).toBe(0);
    expect(await acme(keeper)).toBe(80);
    await appendFile(debug(), fatal + fatal);
    expect(await acme(startKeeper())).toBeGreaterThan(80);
  });

  test('is counted once by two readings at the same time', async () => {
    const keeper = startKeeper();
    await read(keeper);
    await appendFile(debug(), fatal);
    await Promise.all([read(keeper), read(keeper), read(keeper)]);
    expect((await read(keeper)).get('wordpress_log_fatals_total wordpress-debug plugin acme')).toBe(1);
  });

  test('is saved only when something changed', async () => {
    await read();
    await read();
    isFull = true;
    await expect(read()).resolves.toBeDefined();
  });
});

test('each metric of a log is one that its module has, with its labels', () => {
  const formats = siteSchema.shape.logs.unwrap().element.shape.format.options;
  const entry = { logs: formats.map((format) => ({ file: `/${format}`, format })) };
  const samples = logSamples(entry, { states: {}, before: {}, statuses: new Map() });
  const named = new Set(samples.map(({ metric }) => metric.name));
  expect(siteLogMetrics.filter(({ name }) => !named.has(name)).map(({ name }) => name)).toEqual([
    'wordpress_log_fatals_total',
  ]);
  const ofBot = logSamples({ log: '/freqtrade.log' }, { states: {}, before: {}, statuses: new Map() });
  expect(new Set(ofBot.map(({ metric }) => metric))).toEqual(new Set(botLogMetrics));
});
