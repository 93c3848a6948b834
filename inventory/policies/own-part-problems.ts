import { resolve } from 'node:path';
import { isPostgresAddress } from '../journal-address.ts';
import { ownPartInCommand, ownPathHit, ownPathsOn } from './own-parts.ts';
import type { PathProblem } from '../path-problem.ts';
import { actionSchema } from '../schema/action.ts';
import type { HostEntry } from '../schema/host.ts';
import type { Inventory } from '../schema/inventory.ts';
import { exporterSchema, remediatorSchema } from '../schema/services.ts';
import type { Entries } from '../file/sound-entries.ts';

/** Says which sites, logs and actions are, or would hit, a part of Steward itself. `folder` is that of steward.yml. */
export function ownPartProblems(
  entries: Entries,
  raw: Readonly<Record<string, unknown>>,
  folder: string,
): PathProblem[] {
  const settings = settingsOf(raw, folder);
  const ownPathsOf = (hostId: string) => {
    const host = entries.hosts[hostId];
    return host === undefined ? [] : ownPathsOn(host, settings);
  };
  return [
    ...Object.entries(entries.sites).flatMap(([id, { host, path, logs }]) => [
      ...pathProblem(path, ['sites', id, 'path'], ownPathsOf(host)),
      ...logs.flatMap(({ file }, at) =>
        pathProblem(file, ['sites', id, 'logs', at, 'file'], ownPathsOf(host)),
      ),
    ]),
    ...Object.entries(entries.bots).flatMap(([id, { host, log }]) =>
      log === undefined ? [] : pathProblem(log, ['bots', id, 'log'], ownPathsOf(host)),
    ),
    ...actionProblems(
      raw['actions'],
      Object.entries(entries.hosts).map(([id, host]) => ({ host, ownPaths: ownPathsOf(id) })),
    ),
  ];
}

/** What does not pass the schema is told of elsewhere; here its defaults count. */
function settingsOf(
  raw: Readonly<Record<string, unknown>>,
  folder: string,
): Pick<Inventory, 'exporter' | 'remediator'> {
  const exporter = exporterSchema.safeParse(raw['exporter']).data ?? exporterSchema.parse({});
  const remediator = remediatorSchema.safeParse(raw['remediator']).data ?? remediatorSchema.parse({});
  return {
    exporter: { ...exporter, state_dir: resolve(folder, exporter.state_dir) },
    remediator: {
      ...remediator,
      journal: isPostgresAddress(remediator.journal)
        ? remediator.journal
        : resolve(folder, remediator.journal),
    },
  };
}

function pathProblem(path: string, at: PropertyKey[], ownPaths: readonly string[]): PathProblem[] {
  const own = ownPathHit(path, ownPaths);
  return own === undefined
    ? []
    : [{ path: at, expected: `a place apart from ${own}, which is Steward's own` }];
}

interface OwnOnHost {
  readonly host: Pick<HostEntry, 'address' | 'mounted_at'>;
  readonly ownPaths: readonly string[];
}

const NOWHERE: OwnOnHost = { host: {}, ownPaths: [] };

/** An action may be used on any host, and what is Steward's own on all of them is so before there are any. */
function actionProblems(section: unknown, hosts: readonly OwnOnHost[]): PathProblem[] {
  if (typeof section !== 'object' || section === null) return [];
  return Object.entries(section).flatMap(([name, value]) => {
    const action = actionSchema.safeParse(value).data;
    if (action === undefined) return [];
    return (['run', 'undo'] as const).flatMap((key) => {
      const words = action[key] ?? [];
      const hits = [NOWHERE, ...hosts].map(({ host, ownPaths }) => ownPartInCommand(words, host, ownPaths));
      const at = hits.find((hit) => hit !== undefined);
      if (at === undefined) return [];
      const expected = 'a word that names no part of Steward: that is left to you, or to its own manager';
      return [{ path: ['actions', name, key, at], expected }];
    });
  });
}
