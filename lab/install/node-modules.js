import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runAttached, say } from './run.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs `npm ci` unless node_modules holds what package-lock.json asks for. */
export async function ensureNodeModules() {
  if (isInstalled()) return;
  say('npm ci');
  const status = await runAttached(['npm', 'ci', '--no-audit', '--no-fund'], { cwd: root });
  if (status !== 0) throw new Error('npm ci failed');
}

/** npm keeps a copy of the lock file's entries in node_modules, for those that it installed. */
function isInstalled() {
  const wanted = lockedPackages('package-lock.json');
  const present = lockedPackages('node_modules/.package-lock.json');
  if (wanted === undefined || present === undefined) return false;
  const same = (path) => present[path]?.version === wanted[path]?.version && hasSameContent(path);
  const hasSameContent = (path) => present[path]?.integrity === wanted[path]?.integrity;
  return (
    Object.keys(present).every(same) &&
    Object.keys(wanted).every((path) => path === '' || wanted[path].optional === true || same(path))
  );
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(`${root}${file}`, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
