#!/usr/bin/env node
import { access } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { faults } from '../faults/faults.ts';
import { waitUntil } from '../parts/wait-until.ts';
import { runningSupervisor } from '../site/supervisor.ts';
import { sitePathOf } from '../site/wordpress-site.ts';
import { DEMO } from './places.ts';

/** WordPress is installed meanwhile, with a database of its own. */
const SETUP_MS = 180_000;

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
  await fault.inject({ path: sitePathOf(DEMO.folder), supervisor: runningSupervisor(DEMO.folder) });
  console.log(`broken: ${fault.description}`);
}

await main();
