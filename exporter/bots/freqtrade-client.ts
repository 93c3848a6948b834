import { z } from 'zod';
import type { Secret } from '../../inventory/secret.ts';
import { CollectorError } from '../collector-error.ts';
import { fetchJson, type JsonAnswer } from './fetch-json.ts';

/** freqtrade's REST API, as https://www.freqtrade.io/en/stable/rest-api/ describes it, with a login that is kept. */
export interface FreqtradeClient {
  /** Whether the API answers at all; this alone needs no login. */
  ping(signal: AbortSignal): Promise<void>;
  /**
   * Reads a path below /api/v1/. Rejects with a CollectorError: `login` where user or password are not taken, `refused` where the bot
   * says that it cannot answer now (502), `bad_answer` where the answer is not of the shape.
   */
  get<Shape>(path: string, shape: z.ZodType<Shape>, signal: AbortSignal): Promise<Shape>;
}

/** How a bot is reached. */
export interface FreqtradeAccess {
  readonly url: string;
  readonly username: string;
  readonly readPassword: () => Promise<Secret>;
}

interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

const loginShape = z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1) });
const refreshShape = z.object({ access_token: z.string().min(1) });
const pingShape = z.object({ status: z.enum(['pong', 'starting']) });
const errorShape = z.object({ error: z.string() });

/** Makes a client. Its access token lives 15 minutes, and is made anew with the refresh token, or else by another login. */
export function createFreqtradeClient({ url, username, readPassword }: FreqtradeAccess): FreqtradeClient {
  let tokens: Promise<Tokens> | undefined;

  const at = (path: string) => new URL(`api/v1/${path}`, url.endsWith('/') ? url : `${url}/`);
  const ask = (path: string, authorization: string, signal: AbortSignal, method = 'GET') =>
    fetchJson(at(path), { method, headers: { authorization, accept: 'application/json' }, signal });

  async function logIn(signal: AbortSignal): Promise<Tokens> {
    const password = await readPassword();
    const basic = Buffer.from(`${username}:${password.reveal()}`).toString('base64');
    const answer = await ask('token/login', `Basic ${basic}`, signal, 'POST');
    const { access_token: access, refresh_token: refresh } = shaped('token/login', answer, loginShape);
    return { access, refresh };
  }

  async function renew(old: Tokens, signal: AbortSignal): Promise<Tokens> {
    const answer = await ask('token/refresh', `Bearer ${old.refresh}`, signal, 'POST');
    if (answer.status === 401) return logIn(signal);
    return { ...old, access: shaped('token/refresh', answer, refreshShape).access_token };
  }

  /** Several requests at once share one login; one that failed is tried again by the next request. */
  function keep(made: Promise<Tokens>): Promise<Tokens> {
    tokens = made;
    made.catch(() => {
      if (tokens === made) tokens = undefined;
    });
    return made;
  }

  return {
    async ping(signal) {
      shaped('ping', await fetchJson(at('ping'), { signal }), pingShape);
    },
    async get(path, shape, signal) {
      const used = await (tokens ?? keep(logIn(signal)));
      const answer = await ask(path, `Bearer ${used.access}`, signal);
      if (answer.status !== 401) return shaped(path, answer, shape);
      const now = await tokens;
      // Whoever comes second finds the token that the first has made anew.
      const fresh = now === undefined || now === used ? await keep(renew(used, signal)) : now;
      return shaped(path, await ask(path, `Bearer ${fresh.access}`, signal), shape);
    },
  };
}

function shaped<Shape>(path: string, { status, body }: JsonAnswer, shape: z.ZodType<Shape>): Shape {
  if (status === 401) throw new CollectorError('login', `${path}: user or password are not taken`);
  if (status !== 200) {
    const said = errorShape.safeParse(body);
    throw new CollectorError(
      'refused',
      `${path}: status ${status}${said.success ? `, ${said.data.error.slice(0, 200)}` : ''}`,
    );
  }
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new CollectorError(
    'bad_answer',
    `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not the documented shape'}`,
  );
}
