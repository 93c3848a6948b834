import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sitePackages } from '../../../lab/debian-packages.js';
import { debianMirror } from '../../../lab/install/debian-mirror.js';
import { runCommand } from '../../../lab/parts/run-command.ts';

const QUARTER_HOUR = 15 * 60_000;

/** The root folder of a Debian 12 with nothing but what is essential, as an archive below a cache folder. */
export function debianArchive(cache: string): Promise<string> {
  return cached(cache, 'bookworm', async (system) => {
    const mirror = debianMirror(dirname(system));
    await runCommand(['debootstrap', '--variant=minbase', 'bookworm', system, mirror], {
      timeoutMs: QUARTER_HOUR,
    });
  });
}

/** The same with what the lab's site runs on. */
export function siteArchive(cache: string): Promise<string> {
  return archiveWith(cache, 'bookworm-site', sitePackages);
}

/** The same with PostgreSQL and VictoriaMetrics. */
export function databaseArchive(cache: string): Promise<string> {
  return archiveWith(cache, 'bookworm-databases', ['postgresql', 'victoria-metrics']);
}

async function archiveWith(cache: string, name: string, packages: readonly string[]): Promise<string> {
  const debian = await debianArchive(cache);
  return cached(cache, name, async (system) => {
    await mkdir(system);
    await runCommand(['tar', '-C', system, '-xf', debian], { timeoutMs: QUARTER_HOUR });
    await cp('/etc/resolv.conf', join(system, 'etc/resolv.conf'));
    const script = `set -e
mount --rbind /dev "$1/dev"
mount -t proc proc "$1/proc"
printf '#!/bin/sh\\nexit 101\\n' >"$1/usr/sbin/policy-rc.d"
chmod 755 "$1/usr/sbin/policy-rc.d"
export DEBIAN_FRONTEND=noninteractive
chroot "$1" apt-get update
chroot "$1" apt-get install -y --no-install-recommends ${packages.join(' ')}`;
    const isolated = ['unshare', '--mount', '--pid', '--fork', '--kill-child'] as const;
    await runCommand([...isolated, 'sh', '-c', script, 'sh', system], { timeoutMs: QUARTER_HOUR });
  });
}

/** Makes a root folder once, and keeps it as an archive. */
async function cached(cache: string, name: string, make: (system: string) => Promise<void>): Promise<string> {
  const archive = join(cache, `compose/${name}.tar`);
  const isThere = await access(archive).then(
    () => true,
    () => false,
  );
  if (isThere) return archive;
  await mkdir(join(cache, 'compose'), { recursive: true });
  const folder = await mkdtemp(join(cache, `compose/.${name}-`));
  try {
    const system = join(folder, 'system');
    await make(system);
    const made = join(folder, 'made.tar');
    const leftOut = ['./var/cache/apt/*', './var/lib/apt/lists/*', './dev/*', './proc/*'];
    const excludes = leftOut.map((pattern) => `--exclude=${pattern}`);
    await runCommand(['tar', '-C', system, ...excludes, '-cf', made, '.'], { timeoutMs: QUARTER_HOUR });
    await rename(made, archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return archive;
}
