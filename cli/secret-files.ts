import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LoadedInventory } from '../inventory/load.ts';
import { botSecretFiles } from '../inventory/schema/bot.ts';

/** A private key, and the comment it gets. */
export interface KeyFile {
  readonly path: string;
  readonly comment: string;
}

/** The web configuration of a server, which holds a hash of the password that clients use. */
export interface WebFile {
  readonly path: string;
  readonly passwordFile: string;
  readonly username: string;
}

/** Everything secret that steward.yml leads to, as paths that can be opened. What is in the environment is left out. */
export interface SecretFiles {
  /** The folder that nobody else may enter. */
  readonly folder: string;
  readonly keys: readonly KeyFile[];
  /** Passwords and tokens that Steward makes up. */
  readonly passwords: readonly string[];
  readonly web: readonly WebFile[];
  /** What others have made up, and only the operator can put there. */
  readonly ofOperator: readonly string[];
}

/** Lists them. */
export function secretFiles({ inventory, resolveFile }: LoadedInventory): SecretFiles {
  const { exporter, remediator, prometheus, alertmanager, bots, notify } = inventory;
  const resolved = (places: readonly (string | undefined)[]) => [
    ...new Set(
      places
        .filter((place) => place !== undefined)
        .filter(isFile)
        .map(resolveFile),
    ),
  ];
  return {
    folder: resolveFile('secrets'),
    keys: Object.keys(inventory.hosts)
      .flatMap((id) =>
        (['read', 'act'] as const).map((role) => ({
          path: keyFileOf(inventory, id, role),
          comment: `steward-${role}-${id}`,
        })),
      )
      .filter(({ path }) => isFile(path))
      .map(({ path, comment }) => ({ path: resolveFile(path), comment })),
    passwords: resolved([
      exporter.password_file,
      exporter.ping_token_file,
      remediator.webhook_token_file,
      remediator.password_file,
      prometheus.password_file,
      alertmanager.password_file,
      'secrets/grafana_admin_password',
    ]),
    web: Object.entries({ prometheus, alertmanager })
      .filter(([, { password_file }]) => isFile(password_file))
      .map(([name, { password_file, username }]) => {
        const passwordFile = resolveFile(password_file);
        return { path: join(dirname(passwordFile), `${name}_web.yml`), passwordFile, username };
      }),
    ofOperator: resolved([
      ...Object.values(bots).flatMap(botSecretFiles),
      remediator.journal_password_file,
      prometheus.queries?.password_file,
      notify.telegram?.token_file,
      notify.webhook?.secret_file,
    ]),
  };
}

/**
 * The private key of a host for a role, as steward.yml names it. The machine that Steward runs on is reached without SSH, but its
 * account has keys all the same, so that one script serves both.
 */
export function keyFileOf({ hosts }: LoadedInventory['inventory'], id: string, role: 'read' | 'act'): string {
  return hosts[id]?.[`${role}_key_file`] ?? `secrets/${role}/${id}`;
}

/** Whether anything stands there. */
export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isFile(place: string): boolean {
  return !place.startsWith('env:');
}
