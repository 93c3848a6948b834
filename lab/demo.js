import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { demoPackages } from './debian-packages.js';
import { ensureNodeModules, installAll } from './install.js';

/**
 * The first command of the README. It runs under whatever Node the machine has, makes sure that everything is there, and hands over to
 * demo.ts under the Node that the project brings.
 */
const args = process.argv.slice(2);
const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
const demo = fileURLToPath(new URL('demo.ts', import.meta.url));

/**
 * Without root, the lab could not make an account: the demo itself runs under sudo then. Where it needs no sudo, it ends
 * with this process, however this one ends.
 */
function commandLine() {
  const asRoot = process.getuid() === 0 ? ['setpriv', '--pdeathsig', 'TERM', '--'] : ['sudo'];
  return [...asRoot, node, demo, ...args];
}

async function main() {
  const isHelp = args.includes('--help');
  await ensureNodeModules();
  if (!isHelp) await installAll({ packages: demoPackages, yes: args.includes('--yes') });
  const [program, ...rest] = isHelp ? [node, demo, ...args] : commandLine();
  const child = spawn(program, rest, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the demo cleans up and ends, and this waits for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  endWithParent(child);
  child.on('exit', (code) => process.exit(code ?? 1));
}

/** npm runs this below a shell, which passes no signal on when it is ended. */
function endWithParent(child) {
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    child.kill('SIGTERM');
  }, 500);
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
