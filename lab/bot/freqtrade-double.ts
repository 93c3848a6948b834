import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { documentedAnswers } from './freqtrade-answers.ts';
import { createFreqtradeControl, type FreqtradeControl } from './freqtrade-control.ts';

/**
 * A freqtrade bot as its REST API shows it (https://www.freqtrade.io/en/stable/rest-api/), for a bot cannot be had without an exchange. The
 * answers are those of its own tests for API 2.40. NaN and infinite numbers are `null` there, and so here.
 */
export interface FreqtradeDouble {
  readonly url: string;
  /** What it answers, by path; a test may change them. */
  readonly answers: Map<string, unknown>;
  /** Replaces the answer of a path by something that is none. */
  readonly faults: Map<string, (response: ServerResponse) => void>;
  /** The paths that were asked for, in order, logins too. */
  readonly asked: string[];
  /** What it is told, and does. */
  readonly control: FreqtradeControl;
  /** Makes every access token worthless, as time does after 15 minutes. */
  expireAccess(): void;
  /** Makes every refresh token worthless, as a restart with another key does. */
  expireRefresh(): void;
  stop(): Promise<void>;
}

/** The user and password that it takes. */
export const FREQTRADE_LOGIN = { username: 'steward', password: 'freqtrade-password' } as const;

/** Starts it on loopback, on a free port where none is given. */
export async function startFreqtradeDouble(port = 0): Promise<FreqtradeDouble> {
  const answers = new Map(documentedAnswers);
  const faults = new Map<string, (response: ServerResponse) => void>();
  const asked: string[] = [];
  const control = createFreqtradeControl(answers);
  let access = new Set<string>();
  let refresh = new Set<string>();
  const token = (into: Set<string>) => {
    const made = randomBytes(16).toString('hex');
    into.add(made);
    return made;
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/^\/api\/v1\//, '');
    asked.push(path);
    const fault = faults.get(path);
    if (fault === undefined) send(response, ...answerTo(request, path));
    else fault(response);
  }

  function answerTo({ headers, method }: IncomingMessage, path: string): [status: number, body: unknown] {
    const [kind = '', credentials = ''] = (headers.authorization ?? '').split(' ');
    if (path === 'ping') return [200, answers.get('ping')];
    if (path === 'token/login') return logIn(credentials);
    if (path === 'token/refresh') {
      if (!refresh.has(credentials)) return [401, { detail: 'Could not validate credentials' }];
      return [200, { access_token: token(access) }];
    }
    const isKnown = kind === 'Basic' ? isLogin(credentials) : kind === 'Bearer' && access.has(credentials);
    if (!isKnown) return [401, { detail: 'Unauthorized' }];
    const said = method === 'POST' ? control.follow(path) : undefined;
    if (said !== undefined) return [200, { status: said }];
    return answers.has(path) ? [200, answers.get(path)] : [404, { detail: 'Not Found' }];
  }

  function logIn(credentials: string): [status: number, body: unknown] {
    if (!isLogin(credentials)) return [401, { detail: 'Incorrect username or password' }];
    return [200, { access_token: token(access), refresh_token: token(refresh) }];
  }

  const server = createServer(answer).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    faults,
    asked,
    control,
    expireAccess: () => void (access = new Set()),
    expireRefresh: () => void (refresh = new Set()),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function isLogin(credentials: string): boolean {
  const { username, password } = FREQTRADE_LOGIN;
  return Buffer.from(credentials, 'base64').toString() === `${username}:${password}`;
}

/** What the bot says where it cannot answer now. */
export function refusal(path: string, message: string): (response: ServerResponse) => void {
  return (response) => send(response, 502, { error: `Error querying /api/v1/${path}: ${message}` });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
