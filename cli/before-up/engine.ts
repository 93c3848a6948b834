import { runQuiet } from '../run-quiet.ts';

const ENGINE = { oldest: '20.10', what: 'the Docker engine' };
const COMPOSE = { oldest: '2.20', what: 'docker compose' };

/** Says what keeps the Docker engine from running the stack: one line each, with what mends it. */
export async function engineProblems(): Promise<string[]> {
  const engine = await runQuiet(['docker', 'version', '--format', '{{.Server.Version}}']);
  if (engine.isMissing)
    return ['docker is not installed: https://docs.docker.com/engine/install, or the package docker.io'];
  if (engine.exitCode !== 0) return [engineFailure(engine.stderr)];
  const compose = await runQuiet(['docker', 'compose', 'version', '--short']);
  if (compose.exitCode !== 0)
    return [
      'docker has no compose: install the package docker-compose-plugin, or docker-compose of version 2',
    ];
  return [...tooOld(ENGINE, engine.stdout), ...tooOld(COMPOSE, compose.stdout)];
}

function engineFailure(complaint: string): string {
  if (/permission denied/i.test(complaint))
    return 'this account may not use the Docker socket: run this as root, or add the account to the group docker and log in again';
  if (/(?:cannot|failed to) connect|is the docker daemon running/i.test(complaint))
    return 'the Docker engine does not run: systemctl start docker';
  return `the Docker engine does not answer: ${complaint.trim().split('\n')[0] ?? ''}`;
}

function tooOld({ oldest, what }: { oldest: string; what: string }, version: string): string[] {
  const found = /(\d+)\.(\d+)/.exec(version);
  if (found === null) return [`${what} gives no version that can be read: ${version.trim().slice(0, 80)}`];
  const [, major = '', minor = ''] = found;
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  const isOlder =
    Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor);
  return isOlder ? [`${what} ${version.trim()} is too old: install ${oldest} or newer`] : [];
}
