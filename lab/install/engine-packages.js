import { hasProgram } from './run.js';

/**
 * The Debian packages with which the tests start a Docker engine of their own and make its base images. A machine that has an
 * engine keeps it: Debian's would replace Docker's own packages.
 */
export function enginePackages() {
  return [...(hasProgram('dockerd') ? [] : ['docker.io']), 'debootstrap', 'iproute2'];
}
