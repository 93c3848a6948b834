import express, { type NextFunction, type Request, type Response } from 'express';
import { isBasicAuthorized, isBearerAuthorized } from '../inventory/authorization.ts';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import { formatProblem } from '../inventory/problem.ts';
import type { Secret } from '../inventory/secret.ts';
import { DeliveryError, parseDelivery } from './alert.ts';
import type { RemediatorMetrics } from './metrics.ts';
import { presentRun } from './present-run.ts';
import { JournalError, type Journal } from './store/journal.ts';
import type { Worker } from './worker.ts';
import type { Logger } from 'pino';

/** What the HTTP side needs. */
export interface AppOptions {
  readonly journal: Journal;
  readonly worker: Worker;
  readonly metrics: RemediatorMetrics;
  readonly holder: InventoryHolder;
  readonly log: Logger;
  readonly readToken: () => Promise<Secret>;
  readonly readPassword: () => Promise<Secret>;
}

/** A thousand alerts with long labels; Alertmanager groups them one by one for this receiver. */
const BODY_LIMIT = '2mb';
const MAX_RUNS = 1000;

/** Makes the remediator's HTTP application. */
export function createApp(options: AppOptions): express.Express {
  const { journal, metrics, holder } = options;
  const app = express();
  app.disable('x-powered-by');
  app.get('/-/healthy', (_request, response) => void response.type('text').send('healthy\n'));
  app.get('/-/ready', (_request, response) => void response.type('text').send('ready\n'));
  app.get('/metrics', async (_request, response) => {
    response.set('content-type', metrics.contentType).send(await metrics.render());
  });
  // The token is asked for before the body is read.
  app.post(
    '/webhook',
    webhookAuthorization(options),
    express.json({ limit: BODY_LIMIT, type: () => true }),
    (request, response) => acceptWebhook(options, request, response),
  );
  const authorized = authorization(options);
  app.post('/-/reload', authorized, async (_request, response) => {
    const problems = (await holder.reload()).map(formatProblem);
    response.status(problems.length === 0 ? 200 : 422).type('text');
    response.send(problems.length === 0 ? 'reloaded\n' : `${problems.join('\n')}\n`);
  });
  app.get('/api/runs', authorized, async (request, response) => {
    const limit = Math.min(Math.max(Number(request.query['limit']) || 100, 1), MAX_RUNS);
    response.json({ runs: (await journal.runs(limit)).map(presentRun) });
  });
  app.get('/api/runs/:id', authorized, async (request, response) => {
    const run = await journal.run(String(request.params['id']));
    if (run === undefined) response.status(404).type('text').send('there is no such run\n');
    else response.json(presentRun(run));
  });
  app.use((_request, response) => void response.status(404).type('text').send('there is nothing here\n'));
  app.use(errorAnswer(options));
  return app;
}

/** Commits, then answers. What is to be done about the alerts begins after that. */
async function acceptWebhook(
  { journal, worker, metrics, log }: AppOptions,
  request: Request,
  response: Response,
) {
  const delivery = parseDelivery(request.body);
  const accepted = await journal.accept(delivery.alerts, new Date());
  metrics.countWebhook('accepted');
  metrics.countAlerts(delivery.alerts.length);
  if (delivery.truncatedAlerts > 0) {
    log.error(
      { count: delivery.truncatedAlerts },
      'Alertmanager left alerts out of a webhook: take max_alerts away there',
    );
  }
  response.status(202).type('text').send('accepted\n');
  for (const { runId, isOpen } of accepted) if (isOpen) worker.look(runId);
}

function webhookAuthorization({ readToken, metrics }: AppOptions) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    if (isBearerAuthorized(request.headers.authorization, await readToken())) {
      next();
      return;
    }
    metrics.countWebhook('unauthorized');
    response.status(401).type('text').send('the bearer token is missing or wrong\n');
  };
}

function authorization({ holder, readPassword }: AppOptions) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const { username } = holder.current().inventory.remediator;
    if (isBasicAuthorized(request.headers.authorization, username, await readPassword())) {
      next();
      return;
    }
    response
      .status(401)
      .set('www-authenticate', 'Basic realm="steward"')
      .type('text')
      .send('user and password, please\n');
  };
}

/** Alertmanager retries what gets a 5xx, and nothing else: 4xx is for what would never be taken. */
function errorAnswer({ metrics, log }: AppOptions) {
  return (error: unknown, _request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status, message } = statusOf(error, metrics);
    if (status >= 500) log.error({ error: message }, 'a request could not be answered');
    response.status(status).type('text').send(`${message}\n`);
  };
}

function statusOf(error: unknown, metrics: RemediatorMetrics): { status: number; message: string } {
  const message = error instanceof Error ? error.message : 'an unknown fault';
  if (error instanceof JournalError) {
    metrics.countWebhook('not_stored');
    return { status: 503, message: `the journal cannot be written: ${message}` };
  }
  if (error instanceof DeliveryError) {
    metrics.countWebhook('malformed');
    return { status: 400, message };
  }
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') {
    metrics.countWebhook('too_large');
    return { status: 413, message: 'the body is longer than 2 MiB' };
  }
  if (
    typeof type === 'string' &&
    (type.startsWith('entity.') || type.startsWith('request.') || type.includes('unsupported'))
  ) {
    metrics.countWebhook('malformed');
    return { status: 400, message: 'the body is not JSON' };
  }
  return { status: 500, message };
}
