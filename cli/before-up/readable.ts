import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComposeConfig } from '../compose-config.ts';

/** The containers have accounts of their own: a file needs the first for all, a folder both. */
const READ = 0o004;
const ENTER = 0o001;

/** Says what of all that is mounted no container can read. */
export async function readableProblems(config: ComposeConfig, secretsFolder: string): Promise<string[]> {
  const problems = await Promise.all(
    mountedOf(config).map(async (source) => {
      // Files among the secrets are looked at by name, with what is missing.
      const isSecret = source.startsWith(`${secretsFolder}/`);
      const path = await firstUnreadable(source, isSecret);
      return path === undefined
        ? []
        : [`no container can read ${path}, as its mode is: chmod -R go+rX ${source}`];
    }),
  );
  return problems.flat();
}

/** All that is configuration; the machine itself, where it is mounted, is as it is. */
function mountedOf({ services, configs }: ComposeConfig): string[] {
  const sources = Object.values(services).flatMap((service) => [
    ...service.configs.flatMap(({ source }) => configs[source]?.file ?? []),
    ...service.volumes.flatMap(({ type, source }) =>
      type === 'bind' && source !== undefined && source !== '/' ? [source] : [],
    ),
  ]);
  return [...new Set(sources)];
}

/** The first path from there on downwards that not everybody can read; undefined where there is none. Links are not followed. */
async function firstUnreadable(path: string, isSecret: boolean): Promise<string | undefined> {
  const status = await lstat(path).catch(() => undefined);
  if (status?.isDirectory() === true) {
    if ((status.mode & READ) === 0 || (status.mode & ENTER) === 0) return path;
    for (const name of await readdir(path)) {
      const found = await firstUnreadable(join(path, name), isSecret);
      if (found !== undefined) return found;
    }
  }
  return status?.isFile() === true && !isSecret && (status.mode & READ) === 0 ? path : undefined;
}
