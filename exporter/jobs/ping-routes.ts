import express, { type Request, type Response, type Router } from 'express';
import type { Logger } from 'pino';
import { isBearerAuthorized } from '../../inventory/authorization.ts';
import type { InventoryHolder } from '../../inventory/inventory-holder.ts';
import type { Secret } from '../../inventory/secret.ts';
import { drainBody } from './drain-body.ts';
import type { JobStore } from './job-store.ts';
import { createPingRate } from './ping-rate.ts';
import { parsePing } from './ping-request.ts';

/** What the addresses of pings need. */
export interface PingRoutesOptions {
  readonly holder: InventoryHolder;
  readonly store: JobStore;
  /** Asked each time, so that a new one counts at once. */
  readonly readToken: () => Promise<Secret>;
  readonly log: Logger;
}

/**
 * The addresses at which jobs report in, in the style of healthchecks.io: `/ping/<id>`, `/start`, `/fail`, `/log` or an exit code after
 * it. The token comes as a bearer token, as `?token=`, or in front as `/token/<token>/ping/<id>`. Nothing here logs an address,
 * since the token may be in it.
 */
export function pingRoutes(options: PingRoutesOptions): Router {
  const router = express.Router();
  const isAllowed = createPingRate();
  const answerPing = async (request: Request, response: Response) => {
    const { status, text } = await answerTo(request, options, isAllowed);
    response.status(status).set('cache-control', 'no-store').type('text').send(`${text}\n`);
  };
  for (const prefix of ['/ping', '/token/:token/ping']) {
    for (const path of [`${prefix}/:id`, `${prefix}/:id/:word`]) {
      router.get(path, answerPing);
      router.post(path, answerPing);
    }
  }
  return router;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const NOT_FOUND: Answer = { status: 404, text: 'there is nothing here' };

async function answerTo(
  request: Request,
  { holder, store, readToken, log }: PingRoutesOptions,
  isAllowed: (id: string) => boolean,
): Promise<Answer> {
  const parameters = new URL(request.originalUrl, 'http://unused').searchParams;
  const token = await readToken().catch((error: unknown) => {
    log.error({ error: messageOf(error) }, 'the token of jobs cannot be read');
    return undefined;
  });
  if (token === undefined) return { status: 503, text: 'the exporter cannot read its token' };
  // Without the token nobody learns which jobs there are.
  if (!isAuthorized(request, parameters, token)) return refused(request, NOT_FOUND);
  const [id, word] = [wordOf(request, 'id') ?? '', wordOf(request, 'word')];
  if (holder.current().inventory.jobs[id] === undefined)
    return refused(request, { status: 404, text: 'steward.yml has no job of that id' });
  const ping = parsePing(word, parameters);
  if (ping === undefined) return refused(request, NOT_FOUND);
  if (typeof ping === 'string') return refused(request, { status: 400, text: ping });
  if (!isAllowed(id)) return refused(request, { status: 429, text: 'too many pings of this job' });
  if (!(await drainBody(request))) endConnectionOf(request);
  try {
    await store.add(id, ping);
    return { status: 200, text: 'OK' };
  } catch (error) {
    log.error({ job: id, error: messageOf(error) }, 'a ping could not be written');
    return { status: 503, text: 'the exporter cannot write it down; send it again later' };
  }
}

function isAuthorized(request: Request, parameters: URLSearchParams, token: Secret): boolean {
  const given = wordOf(request, 'token') ?? parameters.get('token') ?? undefined;
  const header = given === undefined ? request.headers.authorization : `Bearer ${given}`;
  return isBearerAuthorized(header, token);
}

function refused(request: Request, answer: Answer): Answer {
  if (!request.complete) endConnectionOf(request);
  return answer;
}

/** What is left of a body is not waited for. */
function endConnectionOf(request: Request): void {
  request.res?.set('connection', 'close');
}

function wordOf(request: Request, name: string): string | undefined {
  const value = request.params[name];
  return typeof value === 'string' ? value : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
