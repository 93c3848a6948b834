import type { ComposeConfig } from '../compose-config.ts';
import { exists } from '../secret-files.ts';

/** Says which files and folders compose is to mount and are not there, but for those of some paths, which others look at. */
export async function mountProblems(
  { services, secrets, configs }: ComposeConfig,
  others: readonly string[],
): Promise<string[]> {
  const mounted = Object.entries(services).flatMap(([service, one]) =>
    [
      ...one.secrets.map(({ source }) => secrets[source]?.file),
      ...one.configs.map(({ source }) => configs[source]?.file),
      ...one.volumes.map(({ type, source }) => (type === 'bind' ? source : undefined)),
    ].flatMap((path) => (path === undefined || others.includes(path) ? [] : [{ path, service }])),
  );
  const readers = Map.groupBy(mounted, ({ path }) => path);
  const problems = await Promise.all(
    [...readers].map(async ([path, list]) => {
      if (await exists(path)) return [];
      const names = list.map(({ service }) => service).join(', ');
      return [`${path} is missing, which ${names} needs: put it there, or name another in .env`];
    }),
  );
  return problems.flat();
}
