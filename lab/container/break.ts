#!/usr/bin/env node
import { access } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { permissions } from '../faults/permissions.ts';
import { phpFpm } from '../faults/php-fpm.ts';
import { waitUntil } from '../parts/wait-until.ts';
import { runningSupervisor } from '../site/supervisor.ts';
import { sitePathOf } from '../site/wordpress-site.ts';
import { DEMO, demoUrl } from './places.ts';

/** WordPress is installed meanwhile, with a database of its own. */
const SETUP_MS = 180_000;

/** What the policies heal at once that steward.yml of the container has act. */
const faults = new Map([permissions, phpFpm].map((fault) => [fault.name, fault]));

/** Breaks the site of the container, once it is there: `docker compose exec demo break <fault>`. */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const fault = faults.get(positionals[0] ?? '');
  if (fault === undefined) {
    console.error(`Usage: break <fault>, one of: ${[...faults.keys()].join(', ')}`);
    process.exitCode = 2;
    return;
  }
  await waitUntil(() => access(DEMO.readyFile).then(() => true), {
    what: 'the site to be set up; `docker compose logs demo` says more',
    timeoutMs: SETUP_MS,
  });
  await fault.inject({
    folder: DEMO.folder,
    path: sitePathOf(DEMO.folder),
    url: demoUrl('site'),
    supervisor: runningSupervisor(DEMO.folder),
  });
  console.log(`broken: ${fault.description}`);
}

await main();
