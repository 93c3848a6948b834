import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { CommandError } from './command.ts';
import { runQuiet } from './run-quiet.ts';
import { exists } from './secret-files.ts';

const named = z.array(z.object({ source: z.string() })).default([]);
const files = z.record(z.string(), z.object({ file: z.string().optional() })).default({});

const serviceSchema = z.object({
  image: z.string().optional(),
  user: z.string().optional(),
  ports: z
    .array(
      z.object({
        host_ip: z.string().optional(),
        published: z.string().optional(),
        protocol: z.string().optional(),
      }),
    )
    .default([]),
  volumes: z
    .array(z.object({ type: z.string(), source: z.string().optional(), target: z.string() }))
    .default([]),
  secrets: named,
  configs: named,
});

const configSchema = z.object({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.object({ name: z.string() })).default({}),
  secrets: files,
  configs: files,
});

/** The stack as compose resolves it: docker-compose.yml with `.env`, overrides, profiles and the environment. */
export type ComposeConfig = z.output<typeof configSchema>;

/** Where compose reads a stack, and what of it. */
export interface ComposePlace {
  /** The folder of docker-compose.yml. */
  readonly folder: string;
  /** A folder whose `.env` and override count in place of those that stand there, which they are about to replace. */
  readonly incoming?: string;
  /** The services that matter, with what they depend on; none for all. */
  readonly services?: readonly string[];
}

/** What compose is told first, so that it reads the stack of a place. */
export async function projectWords({ folder, incoming }: ComposePlace): Promise<string[]> {
  const words = ['--project-directory', folder];
  if (incoming === undefined) return words;
  const [settings, override] = [join(incoming, '.env'), join(incoming, 'docker-compose.override.yml')];
  return [
    ...words,
    ...((await exists(settings)) ? ['--env-file', settings] : []),
    ...((await exists(override)) ? ['--file', join(folder, 'docker-compose.yml'), '--file', override] : []),
  ];
}

/** Asks compose how it understands a stack. Rejects with a CommandError where it does not. */
export async function readComposeConfig(place: ComposePlace): Promise<ComposeConfig> {
  const words = ['compose', ...(await projectWords(place)), 'config', '--format', 'json'];
  const text = await docker([...words, ...(place.services ?? [])], place.folder);
  return configSchema.parse(JSON.parse(text));
}

/** Runs docker and returns what it says. Rejects with a CommandError where it fails or is not there. */
export async function docker(args: readonly string[], cwd?: string): Promise<string> {
  const end = await runQuiet(['docker', ...args], cwd);
  if (end.isMissing) throw new CommandError('docker is not installed, and docker-compose.yml needs it');
  if (end.exitCode !== 0)
    throw new CommandError(`docker ${args[0] ?? ''} failed: ${end.stderr.trim().split('\n').at(-1) ?? ''}`);
  return end.stdout;
}

/** Runs compose for as long as it takes, with what it says on standard error. Resolves with its exit code. */
export async function composeAloud(folder: string, args: readonly string[]): Promise<number | null> {
  const words = ['compose', '--project-directory', folder, ...args];
  const child = spawn('docker', words, { cwd: folder, stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}
