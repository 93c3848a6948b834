import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { startExporter, type Exporter } from '../../exporter/exporter.ts';
import { jobRecordsSchema, openJobStore } from '../../exporter/jobs/job-store.ts';
import { seriesNameOf } from '../../exporter/metrics/metric.ts';
import { openStateFile } from '../../exporter/state/state-file.ts';
import { targetGroups } from '../../exporter/targets/targets.ts';
import { createInventoryHolder, type InventoryHolder } from '../../inventory/inventory-holder.ts';
import { freePort } from '../../lab/parts/free-port.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { startHardenedHost, type HardenedHost } from '../helpers/hardened-host.ts';

let folder: TempFolder;
let hardened: HardenedHost;

beforeAll(async () => {
  folder = await createTempFolder('steward-mounted-host');
  hardened = await startHardenedHost(folder.path, { sites: '{}', services: '[]' });
}, 60_000);
afterAll(async () => {
  await hardened.remove();
  await folder.remove();
});

/** Has an exporter watch this machine as the host `this`, whose sshd is at a port, and stops it in the end. */
async function withExporter(
  port: number,
  use: (exporter: Exporter, holder: InventoryHolder) => Promise<void>,
): Promise<void> {
  const { user, sshd, keyFiles } = hardened;
  const file = join(folder.path, 'steward.yml');
  const host = {
    // There the root of this machine is found without a mount.
    mounted_at: '/proc/self/root',
    ...{ address: '127.0.0.1', port, user, host_key: sshd.hostKeyFingerprint },
    ...{ read_key_file: keyFiles.read, act_key_file: keyFiles.act },
  };
  await writeFile(file, JSON.stringify({ hosts: { this: host } }));
  const holder = await createInventoryHolder(file);
  const state = openStateFile(folder.path, 'jobs.json', jobRecordsSchema);
  const jobs = await openJobStore({ file: state, onError: () => undefined });
  const exporter = startExporter(holder, pino({ level: 'silent' }), '0', jobs);
  try {
    await use(exporter, holder);
  } finally {
    await exporter.stop();
  }
}

async function metricsOf(exporter: Exporter): Promise<ReadonlyMap<string, number>> {
  const { samples } = await exporter.metrics(10_000);
  return new Map(samples.map((each) => [seriesNameOf(each), each.value]));
}

test('the machine of the exporter is the host that is mounted, in its metrics and in the list of targets', async () => {
  await withExporter(hardened.sshd.port, async (exporter, holder) => {
    expect(targetGroups(holder.current().inventory, 'exporter:9840')).toEqual([
      {
        targets: ['exporter:9840'],
        labels: { __metrics_path__: '/metrics', job: 'host', instance: 'this', host: 'this' },
      },
    ]);
    const seen = await metricsOf(exporter);
    expect(seen.get('host_up')).toBe(1);
    expect(seen.get('host_memory_total_bytes')).toBeGreaterThan(0);
  });
});

test('where fixes do not get through, that is told, and the machine is watched all the same', async () => {
  await withExporter(await freePort(), async (exporter) => {
    const seen = await metricsOf(exporter);
    expect(seen.get('host_up')).toBe(0);
    expect(seen.get('host_memory_total_bytes')).toBeGreaterThan(0);
  });
});
