import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The mirror that this machine has its Debian from, as its own apt says. Where apt has no lists, as in most container images, they are read into
 * `folder`, and the machine's own stay as they are. Throws where there is no Debian among its sources, unless STEWARD_DEBIAN_MIRROR names one.
 */
export function debianMirror(folder) {
  const mirror = process.env.STEWARD_DEBIAN_MIRROR ?? mirrorAmongSources([]) ?? mirrorAfterUpdate(folder);
  if (mirror === undefined)
    throw new Error(
      'apt has no source of Debian here, which some of the tests take programs from: STEWARD_DEBIAN_MIRROR=<address of a mirror of Debian> npm test',
    );
  return mirror;
}

function mirrorAfterUpdate(folder) {
  const lists = join(folder, 'machine/lists');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::lists=${lists}`, '-o', 'APT::Sandbox::User=root'];
  spawnSync('apt-get', ['-q', ...options, 'update'], { stdio: ['ignore', 2, 2] });
  return mirrorAmongSources(options);
}

function mirrorAmongSources(options) {
  const format = '$(ORIGIN)|$(LABEL)|$(SITE)';
  const words = [...options, 'indextargets', '--format', format, 'Created-By: Packages'];
  const { stdout } = spawnSync('apt-get', words, { encoding: 'utf8' });
  const line = (stdout ?? '').split('\n').find((one) => one.startsWith('Debian|Debian|http'));
  return line?.split('|')[2];
}
