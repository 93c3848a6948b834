import { parseJsonPath, valuesAt } from '../../inventory/json-path.ts';
import type { Secret } from '../../inventory/secret.ts';
import type { BotRequest, BotValue } from '../../inventory/schema/bot-api.ts';
import { fetchJson } from '../clients/fetch-json.ts';
import { CollectorError } from '../collector-error.ts';
import type { BotTarget } from '../targets/target.ts';

/** Asks a bot's API what steward.yml says. Rejects with a CollectorError. */
export async function askBotApi(
  { entry, readSecretFile }: BotTarget,
  { path, body }: BotRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const base = entry.url.endsWith('/') ? entry.url.slice(0, -1) : entry.url;
  const headers = { accept: 'application/json', ...(await loginHeaders(entry, readSecretFile)) };
  const answer = await fetchJson(new URL(`${base}${path}`), {
    ...(body === undefined
      ? { headers }
      : {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { ...headers, 'content-type': 'application/json' },
        }),
    signal,
  });
  if (answer.status === 401 || answer.status === 403)
    throw new CollectorError('login', `${path}: status ${answer.status}`);
  if (answer.status !== 200) throw new CollectorError('refused', `${path}: status ${answer.status}`);
  if (answer.body === undefined) throw new CollectorError('bad_answer', `${path}: the answer is not JSON`);
  return answer.body;
}

async function loginHeaders(
  { username, password_file, token_file, header, header_file }: BotTarget['entry'],
  readSecretFile: BotTarget['readSecretFile'],
): Promise<Record<string, string>> {
  if (username !== undefined && password_file !== undefined) {
    const password = await readSecretFile(password_file);
    return { authorization: `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}` };
  }
  if (token_file !== undefined)
    return { authorization: `Bearer ${headerText(await readSecretFile(token_file), token_file)}` };
  if (header !== undefined && header_file !== undefined)
    return { [header]: headerText(await readSecretFile(header_file), header_file) };
  return {};
}

/** fetch would say the text in its error where no header can have it. */
function headerText(secret: Secret, file: string): string {
  const text = secret.reveal();
  if (/^[\x20-\x7e]+$/.test(text)) return text;
  throw new CollectorError('login', `what is in ${file} cannot stand in a header`);
}

/** Takes a value out of an answer. Throws a CollectorError where it is not there, or no number. */
export function readBotValue(answer: unknown, name: string, { at, of, scale, equals }: BotValue): number {
  const found = valuesAt(answer, parseJsonPath(at) ?? []);
  if (of === 'count') return found.length;
  if (equals !== undefined) return Number(equals.includes(String(oneOf(found, name, at))));
  if (of !== undefined)
    return (
      reduced(
        of,
        found.map((each) => numberOf(each, name, at)),
        name,
        at,
      ) * scale
    );
  return numberOf(oneOf(found, name, at), name, at) * scale;
}

function reduced(of: 'sum' | 'min' | 'max', numbers: readonly number[], name: string, at: string): number {
  if (of === 'sum') return numbers.reduce((sum, each) => sum + each, 0);
  if (numbers.length === 0) throw new CollectorError('bad_answer', `${name}: there is nothing at ${at}`);
  return of === 'min' ? Math.min(...numbers) : Math.max(...numbers);
}

function oneOf(found: readonly unknown[], name: string, at: string): unknown {
  const [value] = found;
  if (value !== undefined && value !== null) return value;
  throw new CollectorError('bad_answer', `${name}: there is nothing at ${at}`);
}

const DECIMAL = /^[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:e[+-]?\d{1,3})?$/i;

/** Trading APIs write amounts as texts, so that no digit is lost on the way. */
function numberOf(value: unknown, name: string, at: string): number {
  if (typeof value === 'boolean') return Number(value);
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new CollectorError('bad_answer', `${name}: what is at ${at} is no number`);
}
