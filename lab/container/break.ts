#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { faults } from '../faults/faults.ts';
import { runningSupervisor } from '../site/supervisor.ts';
import { sitePathOf } from '../site/wordpress-site.ts';
import { DEMO } from './places.ts';

/** Breaks the site of the container: `docker compose exec demo break <fault>`. */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const fault = faults.get(positionals[0] ?? '');
  if (fault === undefined) {
    console.error(`Usage: break <fault>, one of: ${[...faults.keys()].join(', ')}`);
    process.exitCode = 2;
    return;
  }
  await fault.inject({ path: sitePathOf(DEMO.folder), supervisor: runningSupervisor(DEMO.folder) });
  console.log(`broken: ${fault.description}`);
}

await main();
