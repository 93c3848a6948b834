import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../lab/parts/run-command.ts';

interface Mount {
  readonly type: 'bind' | 'volume';
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly bind?: { readonly create_host_path?: boolean };
}

/** A service as compose resolves it. */
export interface Service {
  readonly image: string;
  readonly pull_policy?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly user?: string;
  readonly command?: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly network_mode?: string;
  readonly extra_hosts?: readonly string[];
  readonly ports?: readonly {
    readonly host_ip?: string;
    readonly published: string;
    readonly target: number;
  }[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly secrets?: readonly { readonly source: string; readonly target: string }[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly volumes?: readonly Mount[];
}

/** docker-compose.yml as compose resolves it. */
export interface Stack {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** The top of the repository. */
export const root = path.join(import.meta.dirname, '../..');

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
const unpacked = path.join(cache, 'steward/sid/docker-compose/usr/libexec/docker/cli-plugins/docker-compose');

/** The words that start compose: the one that was unpacked for the tests, or else docker's own. */
export async function composeCommand(): Promise<readonly [string, ...string[]]> {
  const hasUnpacked = await access(unpacked).then(
    () => true,
    () => false,
  );
  return hasUnpacked ? [unpacked] : ['docker', 'compose'];
}

/** Runs compose's own check of docker-compose.yml, with variables `NAME=value`, and returns what it understood. Rejects with its complaint. */
export async function resolveStack(
  variables: readonly string[] = [],
): Promise<{ stack: Stack; complaints: string }> {
  const args = ['--project-directory', root, 'config', '--format', 'json'];
  const { stdout, stderr } = await runCommand(['env', ...variables, ...(await composeCommand()), ...args], {
    cwd: root,
  });
  return { stack: JSON.parse(stdout) as Stack, complaints: stderr };
}
