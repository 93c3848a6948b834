import { readSecret } from '../inventory/secret.ts';
import { CommandError } from './command.ts';
import type { LoadedInventory } from '../inventory/load.ts';

/** A service of Steward's that is asked with its own user and password. */
export interface Service {
  /** What it is called in messages. */
  readonly name: 'exporter' | 'remediator';
  readonly url: string;
  readonly username: string;
  readonly passwordFile: string;
  /** How long its answer may take. */
  readonly timeoutMs: number;
}

/** What is asked of it: with a body, or `method`, it is told something. */
export interface ServiceRequest {
  readonly path: string;
  readonly method?: 'POST';
  readonly body?: object | undefined;
}

/** Asks a service, or tells it something. Rejects with a CommandError that says what to mend. */
export async function askService(
  { resolveFile }: LoadedInventory,
  { name, url, username, passwordFile, timeoutMs }: Service,
  { path, method, body }: ServiceRequest,
): Promise<unknown> {
  const password = await readSecret(resolveFile(passwordFile)).catch((cause: unknown) => {
    throw new CommandError(cause instanceof Error ? cause.message : String(cause), { cause });
  });
  const authorization = `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
  const answer = await fetch(new URL(path, url), {
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? { method: method ?? 'GET' } : { method: 'POST', body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new CommandError(`the ${name} does not answer at ${url}: ${reasonOf(cause)}`, { cause });
  });
  if (answer.status === 401)
    throw new CommandError(`the ${name} at ${url} does not take the password in ${passwordFile}`);
  if (!answer.ok) throw new CommandError((await answer.text()).trim());
  const text = await answer.text();
  return answer.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text;
}

/** Certificates of an authority that Node does not know are the one fault that is not of the service's making. */
function reasonOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return /SIGNED|ISSUER|VERIFY/.test(code)
    ? `its certificate is of an unknown authority (${code}); name the file of that in NODE_EXTRA_CA_CERTS`
    : 'is it running?';
}
