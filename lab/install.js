import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { hasProgram, runAttached, say } from './install/run.js';

export { enginePackages } from './install/engine-packages.js';
export { ensureNodeModules } from './install/node-modules.js';
export { unpackPackages } from './install/unpack.js';

const script = fileURLToPath(new URL('install/install-packages.sh', import.meta.url));

/**
 * Installs those of the Debian packages that are missing, after a question where there is a terminal and `yes` is not
 * set. No service of this machine is started, enabled or restarted by that. Throws where it cannot, saying what to do.
 */
export async function installAll({ packages, yes = false, quiet = false }) {
  if (!hasProgram('apt-get') || !hasProgram('dpkg-query')) throw new Error(withoutApt(packages));
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  say(`These Debian packages are missing: ${missing.join(' ')}`);
  say('They can be installed now. No service of this machine is started, enabled or restarted by that.');
  if (!yes && !(await agrees())) throw new Error('Nothing was installed.');
  const command = ['sh', script, ...(quiet ? ['--quiet'] : []), ...missing];
  const asRoot = `As root: ${command.map(quoted).join(' ')}`;
  const isRoot = process.getuid() === 0;
  if (!isRoot && !hasProgram('sudo')) throw new Error(`This needs root, and there is no sudo. ${asRoot}`);
  const status = await runAttached(isRoot ? command : ['sudo', ...command]);
  if (status !== 0) throw new Error(`The packages were not installed (status ${status}). ${asRoot}`);
}

function missingPackages(packages) {
  const format = '${Package} ${db:Status-Status}\n';
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...packages], { encoding: 'utf8' });
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Without a terminal there is nobody to ask: who runs it there has decided. */
async function agrees() {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question('Install them? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

function withoutApt(packages) {
  return (
    'This machine has no apt-get, so nothing can be installed by itself. ' +
    `Needed are the programs of these Debian packages, where Debian has them: ${packages.join(' ')}`
  );
}

function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
