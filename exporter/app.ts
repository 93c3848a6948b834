import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { isBasicAuthorized } from '../inventory/authorization.ts';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import type { Secret } from '../inventory/secret.ts';
import type { WebHandlers } from '../web/web-handlers.ts';
import type { Exporter } from './exporter.ts';
import { metricsFormat } from './metrics/metrics-format.ts';
import { securityHeaders } from './pages/html.ts';
import { createKeptResults } from './pages/kept-results.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { probeText } from './pages/probe-text.ts';
import type { Probe } from './scrape/probe.ts';
import { renderMetrics } from './metrics/render.ts';
import { createReadiness } from './readiness.ts';
import { RequestError } from './request-error.ts';
import { targetGroups, withJobPrefix } from './targets/targets.ts';

/** What the HTTP side needs. */
export interface AppOptions {
  readonly exporter: Exporter;
  readonly holder: InventoryHolder;
  readonly version: string;
  /** Reads the password of /refresh and /-/reload; asked each time, so that a new one counts at once. */
  readonly readPassword: () => Promise<Secret>;
  /** Where jobs report in. */
  readonly pings: Router;
  /** What its web configuration has it do. */
  readonly web: WebHandlers;
}

/** Taken off Prometheus's own timeout, or three tenths where that is less, so that the answer is there before it gives up. */
const TIMEOUT_OFFSET_MS = 500;
/** Where a request does not come from Prometheus. */
const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 120_000;

/** Makes the exporter's HTTP application. */
export function createApp(options: AppOptions): express.Express {
  const { exporter, holder } = options;
  const app = express();
  app.disable('x-powered-by');
  const groups = (request: Request) => targetGroups(holder.current().inventory, addressOf(request));

  const readiness = createReadiness(() => exporter.untried());
  const results = createKeptResults();
  const headers = securityHeaders();
  const sendProbe = async (request: Request, response: Response, probe: Probe) => {
    const isDebug = flagParameter(request, 'debug');
    const format = isDebug ? undefined : metricsFormat(request.headers.accept);
    const text = await renderMetrics(probe.samples, format);
    results.add(probe, text);
    if (format === undefined) response.type('text').send(probeText(probe, text));
    else response.vary('Accept').set('content-type', format).send(text);
  };

  app.use((_request, response, next) => {
    response.set(headers);
    next();
  });
  app.use(options.web.setHeaders);
  app.get('/-/healthy', (_request, response) => void response.type('text').send('healthy\n'));
  addActions(app, options);
  app.use(options.pings);
  // What comes before asks for nothing, or for a login of its own; all else asks for a user of the web configuration.
  app.use(options.web.authenticate);
  app.use(pageRoutes({ version: options.version, groups, results }));
  app.get('/-/ready', (_request, response) => {
    const reason = readiness();
    response
      .status(reason === undefined ? 200 : 503)
      .type('text')
      .send(`${reason ?? 'ready'}\n`);
  });
  app.get('/targets', (request, response) => {
    response.json(withJobPrefix(groups(request), holder.current().inventory.exporter.job_prefix));
  });
  app.get('/metrics', async (request, response) =>
    sendProbe(request, response, await exporter.metrics(timeoutMs(request))),
  );
  app.get('/probe', async (request, response) => {
    const [module, target] = [parameter(request, 'module'), parameter(request, 'target')];
    const only = listParameter(request, 'collect[]');
    const except = listParameter(request, 'exclude[]');
    const probe = await exporter.probe({ module, target, only, except, timeoutMs: timeoutMs(request) });
    await sendProbe(request, response, probe);
  });
  app.use((_request, response) => void response.status(404).type('text').send('there is nothing here\n'));
  app.use(answerError);
  return app;
}

/** What asks for the exporter's own password. */
function addActions(app: express.Express, options: AppOptions): void {
  const { exporter } = options;
  const authorized = authorization(options);
  app.post('/refresh', authorized, async (request, response) => {
    await exporter.refresh(parameter(request, 'target'), parameter(request, 'collector'));
    response.type('text').send('refreshed\n');
  });
  app.post('/baseline', authorized, async (request, response) => {
    await exporter.takeBaseline(parameter(request, 'target'));
    response.type('text').send('the baseline was taken\n');
  });
  app.post('/-/reload', authorized, async (_request, response) => {
    const problems = await exporter.reload();
    response.status(problems.length === 0 ? 200 : 422).type('text');
    response.send(problems.length === 0 ? 'reloaded\n' : `${problems.join('\n')}\n`);
  });
}

function authorization({ holder, readPassword }: AppOptions) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const { username } = holder.current().inventory.exporter;
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

/** Where Prometheus reached us is where it is to scrape. A header that is no address leads to the one steward.yml names. */
function addressOf(request: Request): string {
  const host = request.headers.host ?? '';
  return /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/.test(host) ? host : '127.0.0.1:9840';
}

function timeoutMs(request: Request): number {
  const seconds = Number(request.headers['x-prometheus-scrape-timeout-seconds']);
  if (!Number.isFinite(seconds) || seconds <= 0) return DEFAULT_TIMEOUT_MS;
  return Math.min(Math.max(seconds * 1000 - TIMEOUT_OFFSET_MS, seconds * 700), MAX_TIMEOUT_MS);
}

function parameter(request: Request, name: string): string {
  const value = request.query[name];
  if (typeof value !== 'string' || value === '')
    throw new RequestError(400, `the parameter ${name} is missing`);
  return value;
}

function flagParameter(request: Request, name: string): boolean {
  const value = request.query[name] ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new RequestError(400, `the parameter ${name} is either true or false`);
}

function listParameter(request: Request, name: string): string[] {
  const url = new URL(request.originalUrl, 'http://unused');
  return url.searchParams.getAll(name);
}

/** Express knows an error handler by its four parameters. */
function answerError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  // Express throws a URIError where a part of the address cannot be decoded.
  const otherwise = error instanceof URIError ? 400 : 500;
  const status = error instanceof RequestError ? error.status : otherwise;
  response
    .status(status)
    .type('text')
    .send(`${error instanceof Error ? error.message : 'an unknown fault'}\n`);
}
