import { once } from 'node:events';
import { connect } from 'node:net';
import { basicAuthorization } from '../../inventory/authorization.ts';
import { isPostgresAddress } from '../../inventory/journal-address.ts';
import type { LoadedInventory } from '../../inventory/load.ts';
import { readSecret } from '../../inventory/secret.ts';
import { isKnownHere } from './reachability.ts';

const TIMEOUT_MS = 5000;
const POSTGRES_PORT = 5432;

/**
 * Says which sites, bots, store and database do not answer here. They may answer the containers all the same, or later, so that none of it keeps the
 * stack from starting. Never rejects.
 */
export async function answerWarnings(loaded: LoadedInventory): Promise<string[]> {
  const { sites, bots, remediator } = loaded.inventory;
  const warnings = await Promise.all([
    ...Object.entries(sites).map(([id, { url }]) => pageWarning(`the site ${id}`, url)),
    ...Object.entries(bots).map(([id, { url }]) => pageWarning(`the bot ${id}`, url)),
    storeWarning(loaded),
    databaseWarning(remediator.journal),
  ]);
  return warnings.flat();
}

/** Any answer will do: what it says is watched by the exporter. */
async function pageWarning(what: string, url: string): Promise<string[]> {
  if (!isKnownHere(new URL(url).hostname)) return [];
  const answer = await ask(url);
  return typeof answer === 'string' ? [`${what} does not answer at ${url} from here: ${answer}`] : [];
}

/** The store is asked as guards and proofs ask it, since without it nothing is ever done. */
async function storeWarning({ inventory, resolveFile }: LoadedInventory): Promise<string[]> {
  const { queries } = inventory.prometheus;
  if (queries === undefined || !isKnownHere(new URL(queries.url).hostname)) return [];
  const { url, username = '', password_file: file } = queries;
  const password =
    file === undefined ? undefined : await readSecret(resolveFile(file)).catch(() => undefined);
  const headers = password === undefined ? {} : { authorization: basicAuthorization(username, password) };
  const answer = await ask(`${url.replace(/\/+$/, '')}/api/v1/query?query=1`, headers);
  const what = 'prometheus.queries, without which nothing is done,';
  if (typeof answer === 'string') return [`${what} does not answer at ${url} from here: ${answer}`];
  if (answer.status === 401 || answer.status === 403)
    return [
      `${what} does not take ${file === undefined ? 'a query without a password' : `the password in ${file}`}`,
    ];
  return answer.ok ? [] : [`${what} answers a query with ${answer.status} at ${url}`];
}

async function databaseWarning(journal: string): Promise<string[]> {
  if (!isPostgresAddress(journal)) return [];
  const { hostname: host, port } = new URL(journal);
  if (!isKnownHere(host)) return [];
  const socket = connect({ host, port: port === '' ? POSTGRES_PORT : Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return [];
  } catch (error) {
    return [`the database of the journal, ${journal}, cannot be reached from here: ${reasonOf(error)}`];
  } finally {
    socket.destroy();
  }
}

/** The answer, or why there is none. */
async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response | string> {
  try {
    const answer = await fetch(url, {
      headers: { 'user-agent': 'steward', ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer;
  } catch (error) {
    return reasonOf(error);
  }
}

/** What fetch says itself is "fetch failed"; why stands in its cause. */
function reasonOf(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  const { cause } = error;
  if (!Error.isError(cause)) return error.message;
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
}
