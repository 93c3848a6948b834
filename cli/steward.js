#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The `steward` command. Plain JavaScript, since it is the machine's own Node that runs it first: where that is too old,
 * the Node that `npm ci` brought takes over.
 */
const NEEDED = 24;
const ownNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  await import('./main.ts');
} else if (existsSync(ownNode)) {
  const script = fileURLToPath(import.meta.url);
  const { status, signal, error } = spawnSync(ownNode, [script, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (error) process.stderr.write(`${ownNode} cannot be run: ${error.message}\n`);
  if (signal) process.kill(process.pid, signal);
  process.exitCode = status ?? 1;
} else {
  process.stderr.write(`steward needs Node ${NEEDED}: run \`npm ci\` in its folder first, which brings it\n`);
  process.exitCode = 1;
}
