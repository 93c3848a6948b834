import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createChangesCollector } from '../../exporter/collectors/changes.ts';
import { permissions } from '../../exporter/collectors/permissions.ts';
import type { Collector } from '../../exporter/collector.ts';
import type { SiteTarget } from '../../exporter/targets/target.ts';
import { siteSchema } from '../../inventory/schema/site.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { startHardenedHost } from '../helpers/hardened-host.ts';
import { atMost, quantile, type Bench, type Figure } from './figure.ts';

const FOLDERS = 500;
const FILES_A_FOLDER = 100;
const ROUNDS = 5;
/** As often as the event loop is looked at: what is above it is delay. */
const RESOLUTION_MS = 1;

/**
 * The walks of a site with 50,000 files, over a real sshd and through the real dispatcher: how long one takes with all that is made of it, and
 * how long the event loop is kept from everything else meanwhile.
 */
export const walk: Bench = async (progress) => {
  await using resources = new AsyncDisposableStack();
  const folder = await createTempFolder('steward-bench-walk');
  resources.defer(() => folder.remove());
  await chmod(folder.path, 0o755);
  progress(`${FOLDERS * FILES_A_FOLDER} files are made`);
  const path = join(folder.path, 'site');
  await makeSite(path);
  const entry = { host: 'web1', url: 'http://x/', path, owner: 'www-data' };
  const hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: `{ blog: ${JSON.stringify(entry)} }`,
  });
  resources.defer(() => hardened.remove());
  const host = hardened.open('read');
  resources.defer(() => host.close());
  const target: SiteTarget = { id: 'blog', entry: siteSchema.parse(entry), host };
  const state = join(folder.path, 'state');
  return [
    ...(await measure('permissions', permissions, target, progress)),
    ...(await measure(
      'changes',
      createChangesCollector(() => state),
      target,
      progress,
    )),
  ];
};

/** One in two is a program, as in a site with many plugins and some thousand pictures. */
async function makeSite(path: string): Promise<void> {
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const parent =
      folder % 2 === 0 ? `wp-content/plugins/plugin-${folder}/includes` : `wp-content/uploads/2026/${folder}`;
    await mkdir(join(path, parent), { recursive: true });
    const name = (file: number) =>
      folder % 2 === 0 ? `class-acme-${file}.php` : `picture-${file}-300x200.jpg`;
    await Promise.all(
      Array.from({ length: FILES_A_FOLDER }, (_, file) =>
        writeFile(join(path, parent, name(file)), '<?php\n'),
      ),
    );
  }
  await runCommand(['chown', '-R', 'www-data:www-data', path]);
}

async function measure(
  name: string,
  { background }: Collector<SiteTarget>,
  target: SiteTarget,
  progress: (line: string) => void,
): Promise<Figure[]> {
  if (background === undefined) throw new Error(`${name} reads nothing in the background`);
  const [seconds, delays]: [number[], number[]] = [[], []];
  await background.read(target, new AbortController().signal);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delay.enable();
    const start = performance.now();
    await background.read(target, new AbortController().signal);
    seconds.push((performance.now() - start) / 1000);
    delay.disable();
    delays.push(delay.max / 1e6);
  }
  progress(
    `${name}: ${quantile(seconds, 0.5).toFixed(2)} s, held up for ${quantile(delays, 0.5).toFixed(0)} ms at most`,
  );
  return [
    atMost(`${name}: a walk of 50,000 files`, 's', 5, quantile(seconds, 0.5), ROUNDS),
    atMost(`${name}: longest hold-up of the event loop`, 'ms', 30, quantile(delays, 0.5), ROUNDS),
  ];
}
