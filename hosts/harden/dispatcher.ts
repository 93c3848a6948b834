import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { verbs, type Role, type SentVerb, type VerbName } from '../verbs.ts';
import { customVerbs } from './custom-verbs.ts';
import { hostTables } from './host-tables.ts';
import { phpPrograms } from './php-programs.ts';

/** The dispatcher of a host, and the files of root's that it takes what it does from. */
export interface Dispatcher {
  /** The one program that Steward's keys can run. */
  readonly dispatch: string;
  /** Where its parts are to be: in a folder of their own for each content, so that a call under way keeps those that it began with. */
  readonly partsPath: string;
  /** The texts of its parts, by their paths below that folder. */
  readonly parts: ReadonlyMap<string, string>;
}

/** The functions that verbs share, in the order in which they are joined. */
const shared = [
  'own-parts',
  'site',
  'services',
  'snapshots',
  'logs',
  'php-fpm',
  'site-database',
  'active-plugins',
  'core-files',
];

/**
 * Writes the dispatcher of a host: one short shell script that takes the verbs of Steward, a file for each verb, and tables in which sites and
 * services are looked up. A verb that acts is only there where it is among `actVerbs`.
 */
export async function makeDispatcher(
  inventory: Inventory,
  hostId: string,
  actVerbs: ReadonlySet<SentVerb>,
): Promise<Dispatcher> {
  const host = inventory.hosts[hostId];
  if (host === undefined) throw new TypeError(`no host ${hostId}`);
  const included = verbNames().filter((verb) => verbs[verb].role === 'read' || actVerbs.has(verb));
  const custom = await customVerbs(inventory, hostId, actVerbs);
  const parts = new Map([
    ['host.sh', hostTables(inventory, hostId, host)],
    ['shared.sh', (await Promise.all(shared.map((name) => readPart(`shared/${name}.sh`)))).join('\n')],
    ...(await Promise.all(included.map(verbFile))),
    ...(custom.cases.length === 0 ? [] : [['verbs/custom.sh', custom.functions] as const]),
    ...[...(await phpPrograms(included))].map(([name, text]) => [`php/${name}`, text] as const),
  ]);
  const partsPath = `/usr/local/lib/${host.user}/parts-${digestOf(parts)}`;
  const cases = [...included.flatMap(verbCases), ...custom.cases].join('');
  const program = (await readPart('dispatcher.sh')).replace('@VERBS@\n', () => cases);
  return { dispatch: `${header(hostId, host.user, partsPath)}${program}`, partsPath, parts };
}

function verbNames(): VerbName[] {
  return Object.keys(verbs) as VerbName[];
}

async function verbFile(verb: VerbName): Promise<readonly [string, string]> {
  const path = `verbs/${verb}.sh`;
  return [path, await readPart(path)];
}

function readPart(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}

function digestOf(parts: ReadonlyMap<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...parts]))
    .digest('hex')
    .slice(0, 12);
}

function header(hostId: string, user: string, partsPath: string): string {
  return `#!/bin/sh
# Steward's dispatcher on ${hostId}: the keys of Steward can run this, and this alone.
# \`steward host harden ${hostId}\` made it; run that again after a change of steward.yml.
set -uf
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
umask 077
account=${user}
# The sites, services and logs of this host, what verbs share, and each verb: files of root's.
parts=${partsPath}
# For the verbs.
# shellcheck disable=SC2034
host_id=${hostId} state=/var/lib/${user}
log_folder=/var/log

`;
}

/** The words of a call that are taken, and where what they do stands. `ping` only looks at the key itself, so both keys may use it. */
function verbCases(verb: VerbName): string[] {
  const roles: Role[] = verb === 'ping' ? ['read', 'act'] : [verbs[verb].role];
  const words = verbs[verb].slots.length + 1;
  return roles.map((role) => `    '${role} ${verb} ${words}') run=verb_${verb.replaceAll('-', '_')} ;;\n`);
}
