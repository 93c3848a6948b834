import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBasicCredentials } from './basic-credentials.ts';
import { createBcryptThread } from './bcrypt-thread.ts';
import { createPasswordCheck, type Verdict } from './password-check.ts';
import type { WebConfigFile } from './web-config-file.ts';

/** A step on the way of a request, as express takes it. */
export type WebHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void | Promise<void>;

/** What a web configuration has a service do with requests. */
export interface WebHandlers {
  /** Sets the headers of each answer. */
  readonly setHeaders: WebHandler;
  /** Lets pass who has a user and password of basic_auth_users, or everyone where there are no such users. */
  readonly authenticate: WebHandler;
}

/** Makes them; without a web configuration they do nothing. */
export function createWebHandlers(config: WebConfigFile | undefined): WebHandlers {
  const check = createPasswordCheck(createBcryptThread());

  async function verdictOn(request: IncomingMessage): Promise<Verdict> {
    const users = config?.current().users;
    if (users === undefined) return 'right';
    const credentials = readBasicCredentials(request.headers.authorization);
    if (credentials === undefined) return 'wrong';
    return check({ ...credentials, from: request.socket.remoteAddress ?? '' }, users);
  }

  return {
    setHeaders(_request, response, next) {
      for (const [name, text] of Object.entries(config?.current().headers ?? {}))
        response.setHeader(name, text);
      next();
    },
    async authenticate(request, response, next) {
      const verdict = await verdictOn(request);
      if (verdict === 'right') next();
      else refuse(response, verdict);
    },
  };
}

function refuse(response: ServerResponse, verdict: 'wrong' | 'busy'): void {
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  if (verdict === 'busy') {
    response.setHeader('retry-after', '1');
    response.statusCode = 429;
    response.end('too many passwords are being checked\n');
    return;
  }
  response.setHeader('www-authenticate', 'Basic realm="steward", charset="UTF-8"');
  response.statusCode = 401;
  response.end('a user and password of basic_auth_users, please\n');
}
