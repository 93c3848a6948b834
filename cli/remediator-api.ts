import { readSecret } from '../inventory/secret.ts';
import { CommandError } from './command.ts';
import { loadGood } from './load.ts';

const TIMEOUT_MS = 10_000;

/**
 * Asks the remediator's API, or tells it something, at its `external_url` in steward.yml and with its password. Rejects with a CommandError that says what to
 * mend.
 */
export async function askRemediator(configFile: string, path: string, body?: object): Promise<unknown> {
  const { inventory, resolveFile } = await loadGood(configFile);
  const { external_url: base, username, password_file: passwordFile } = inventory.remediator;
  const password = await readSecret(resolveFile(passwordFile)).catch((cause: unknown) => {
    throw new CommandError(cause instanceof Error ? cause.message : String(cause), { cause });
  });
  const authorization = `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
  const answer = await fetch(new URL(path, base), {
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new CommandError(`the remediator does not answer at ${base}: ${reasonOf(cause)}`, { cause });
  });
  if (answer.status === 401)
    throw new CommandError(`the remediator at ${base} does not take the password in ${passwordFile}`);
  if (!answer.ok) throw new CommandError((await answer.text()).trim());
  const text = await answer.text();
  return answer.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text;
}

/** Certificates of an authority that Node does not know are the one fault that is not of the remediator's making. */
function reasonOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return /SIGNED|ISSUER|VERIFY/.test(code)
    ? `its certificate is of an unknown authority (${code}); name the file of that in NODE_EXTRA_CA_CERTS`
    : 'is it running?';
}
