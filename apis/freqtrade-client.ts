import { z } from 'zod';
import type { Secret } from '../inventory/secret.ts';
import { ApiError } from './api-error.ts';
import { fetchJson, type JsonAnswer } from './fetch-json.ts';

/** freqtrade's REST API, as https://www.freqtrade.io/en/stable/rest-api/ describes it, with a login that is kept. */
export interface FreqtradeClient {
  /** Whether the API answers at all; this alone needs no login. */
  ping(signal: AbortSignal): Promise<void>;
  /**
   * Reads a path below /api/v1/. Rejects with an ApiError: `login` where user or password are not taken, `refused` where the bot
   * says that it cannot answer now (502), `bad_answer` where the answer is not of the shape.
   */
  get<Shape>(path: string, shape: z.ZodType<Shape>, signal: AbortSignal): Promise<Shape>;
  /** How long the last request of each endpoint took, in seconds. */
  durations(): ReadonlyMap<string, number>;
}

/** The same, for one who may also tell the bot something. */
export interface FreqtradeControl extends FreqtradeClient {
  /** Sends a command without a body. It rejects as `get` does; only after `login` and `refused` is it sure that the bot did nothing. */
  post<Shape>(path: string, shape: z.ZodType<Shape>, signal: AbortSignal): Promise<Shape>;
}

/** How a bot is reached. */
export interface FreqtradeAccess {
  readonly url: string;
  readonly username: string;
  readonly readPassword: () => Promise<Secret>;
}

/** How requests say who asks. */
interface Session {
  readonly authorization: string;
  /** What the next session is made with; without it, it begins with the password. */
  readonly refreshToken?: string;
}

const loginShape = z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1) });
const refreshShape = z.object({ access_token: z.string().min(1) });
const pingShape = z.object({ status: z.enum(['pong', 'starting']) });
const errorShape = z.object({ error: z.string() });

/**
 * Makes a client. Its access token lives 15 minutes, and is made anew with the refresh token, or else by another login. Where the login answers
 * neither yes nor no, as behind a proxy that lets only GET pass, each request carries user and password.
 */
export function createFreqtradeClient({ url, username, readPassword }: FreqtradeAccess): FreqtradeControl {
  const durations = new Map<string, number>();
  let session: Promise<Session> | undefined;

  const { at, ask } = createApi(url, durations);

  async function logIn(signal: AbortSignal): Promise<Session> {
    const password = await readPassword();
    const basic = `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
    const answer = await ask('token/login', basic, signal, 'POST');
    if (answer.status !== 200 && answer.status !== 401) return { authorization: basic };
    const { access_token, refresh_token } = shaped('token/login', answer, loginShape);
    return { authorization: `Bearer ${access_token}`, refreshToken: refresh_token };
  }

  async function renew({ refreshToken }: Session, signal: AbortSignal): Promise<Session> {
    if (refreshToken === undefined) return logIn(signal);
    const answer = await ask('token/refresh', `Bearer ${refreshToken}`, signal, 'POST');
    if (answer.status === 401) return logIn(signal);
    const { access_token } = shaped('token/refresh', answer, refreshShape);
    return { refreshToken, authorization: `Bearer ${access_token}` };
  }

  /** Several requests at once share one login; one that failed is tried again by the next request. */
  function keep(made: Promise<Session>): Promise<Session> {
    session = made;
    made.catch(() => {
      if (session === made) session = undefined;
    });
    return made;
  }

  async function send<Shape>(
    method: 'GET' | 'POST',
    path: string,
    shape: z.ZodType<Shape>,
    signal: AbortSignal,
  ): Promise<Shape> {
    const used = await (session ?? keep(logIn(signal)));
    const answer = await ask(path, used.authorization, signal, method);
    if (answer.status !== 401) return shaped(path, answer, shape);
    const now = await session;
    // Whoever comes second finds the session that the first has made anew.
    const fresh = now === undefined || now === used ? await keep(renew(used, signal)) : now;
    return shaped(path, await ask(path, fresh.authorization, signal, method), shape);
  }

  return {
    durations: () => durations,
    async ping(signal) {
      shaped('ping', await fetchJson(at('ping'), { signal }), pingShape);
    },
    get: (path, shape, signal) => send('GET', path, shape, signal),
    post: (path, shape, signal) => send('POST', path, shape, signal),
  };
}

/** Asks below the API's root, and notes how long each endpoint took. */
function createApi(url: string, durations: Map<string, number>) {
  const at = (path: string) => new URL(`api/v1/${path}`, url.endsWith('/') ? url : `${url}/`);
  async function ask(path: string, authorization: string, signal: AbortSignal, method = 'GET') {
    const start = performance.now();
    try {
      const headers = { authorization, accept: 'application/json' };
      return await fetchJson(at(path), { method, headers, signal });
    } finally {
      const [endpoint = path] = path.split('?');
      durations.set(endpoint, (performance.now() - start) / 1000);
    }
  }
  return { at, ask };
}

function shaped<Shape>(path: string, { status, body }: JsonAnswer, shape: z.ZodType<Shape>): Shape {
  if (status === 401) throw new ApiError('login', `${path}: user or password are not taken`);
  if (status !== 200) {
    const said = errorShape.safeParse(body);
    throw new ApiError(
      'refused',
      `${path}: status ${status}${said.success ? `, ${said.data.error.slice(0, 200)}` : ''}`,
    );
  }
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ApiError(
    'bad_answer',
    `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not the documented shape'}`,
  );
}
