import { homedir } from 'node:os';
import { join } from 'node:path';

/** The programs of one generation of Docker, as the tests start them. */
export interface EnginePrograms {
  /** The engine's own. */
  readonly dockerd: string;
  /** Its options besides those that say where it keeps its things. */
  readonly options: readonly string[];
  /** What the engine and `docker` have in their environment, each as `NAME=value`. */
  readonly environment: readonly string[];
  /** The files of docker's plugins. */
  readonly plugins: readonly string[];
}

const unpacked = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'steward/sid');
const compose = join(unpacked, 'docker-compose/usr/libexec/docker/cli-plugins/docker-compose');
const buildx = join(unpacked, 'docker-buildx/usr/libexec/docker/cli-plugins/docker-buildx');

/** Those of the machine. `docker` has the engine build by itself, which needs no plugin. */
export function machinePrograms(): EnginePrograms {
  return { dockerd: 'dockerd', options: [], environment: ['DOCKER_BUILDKIT=0'], plugins: [compose] };
}

/**
 * Those of Debian sid, which were unpacked for the tests: they build with BuildKit, and containerd keeps the images, as Docker 29 has it where nobody
 * says otherwise. runc and the containers' init are the machine's.
 */
export function newerPrograms(): EnginePrograms {
  const folders = ['docker-cli/usr/bin', 'docker.io/usr/sbin', 'containerd/usr/bin'];
  const path = [...folders.map((name) => join(unpacked, name)), process.env['PATH'] ?? ''].join(':');
  return {
    dockerd: join(unpacked, 'docker.io/usr/sbin/dockerd'),
    options: ['--feature', 'containerd-snapshotter'],
    environment: [`PATH=${path}`],
    plugins: [compose, buildx],
  };
}
