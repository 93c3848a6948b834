import express, { type NextFunction, type Request, type Response } from 'express';
import { isBasicAuthorized } from '../inventory/authorization.ts';
import type { InventoryHolder } from '../inventory/inventory-holder.ts';
import { formatProblem } from '../inventory/problem.ts';
import type { Secret } from '../inventory/secret.ts';
import type { WebHandlers } from '../web/web-handlers.ts';
import { approvalHandlers } from './answers/approval-route.ts';
import { explain } from './answers/explain.ts';
import { explainUnheard } from './answers/explain-unheard.ts';
import { webhookHandlers, type IntakeOptions } from './alerts/intake.ts';
import { messageOf } from './message-of.ts';
import { latestRuns } from './answers/needs-people.ts';
import { pageRoutes } from './pages/page-routes.ts';
import { pauseRoutes, presentPause } from './answers/pause-route.ts';
import type { PrometheusClient } from './prometheus/prometheus-client.ts';
import { presentRun } from './answers/present-run.ts';
import type { Run } from './run/run.ts';
import { JournalError } from './store/journal-error.ts';
import type { Journal } from './store/journal.ts';

/** What the HTTP side needs. */
export interface AppOptions extends IntakeOptions {
  readonly holder: InventoryHolder;
  readonly readPassword: () => Promise<Secret>;
  /** Is asked what it knows of an alert that never came. */
  readonly prometheus: Pick<PrometheusClient, 'query' | 'alertingRules'>;
  /** What its web configuration has it do. */
  readonly web: WebHandlers;
  /** Hears that a person has answered a run. */
  readonly onAnswered: (runId: string) => void;
  /** Hears that a pause has ended. */
  readonly onResumed: () => void;
}

const MAX_RUNS = 1000;

/** Makes the remediator's HTTP application. */
export function createApp(options: AppOptions): express.Express {
  const { journal, metrics, web } = options;
  const app = express();
  app.disable('x-powered-by');
  app.use(web.setHeaders);
  app.get('/-/healthy', (_request, response) => void response.type('text').send('healthy\n'));
  app.get('/-/ready', web.authenticate, async (_request, response) => {
    await journal.runs(1);
    response.type('text').send('ready\n');
  });
  app.get('/metrics', web.authenticate, async (_request, response) => {
    response.set('content-type', metrics.contentType).send(await metrics.render());
  });
  app.post('/webhook', ...webhookHandlers(options));
  const authorized = authorization(options);
  app.post('/-/reload', refuseOtherSites, authorized, (_request, response) => reload(options, response));
  app.get('/api/runs', authorized, async (request, response) => {
    const limit = Math.min(Math.max(Math.trunc(Number(request.query['limit'])) || 100, 1), MAX_RUNS);
    const nowMs = Date.now();
    const [{ latest, needPeople }, pause] = await Promise.all([
      latestRuns(journal, limit, nowMs),
      journal.pause(),
    ]);
    response.json({
      runs: latest.map(presentRun),
      needPeople: needPeople.map(presentRun),
      pause: presentPause(pause, nowMs),
    });
  });
  app.get('/api/open-runs', authorized, async (_request, response) => {
    const open = await journal.openRuns();
    response.json({ runs: open.toReversed().map(presentRun) });
  });
  app.get('/api/runs/:id', authorized, async (request, response) => {
    const run = await journal.run(String(request.params['id']));
    if (run === undefined) response.status(404).type('text').send('there is no such run\n');
    else response.json(presentRun(run));
  });
  app.post('/api/runs/:id/answer', authorized, ...approvalHandlers(journal, options.onAnswered));
  app.use('/api/pause', authorized, pauseRoutes(journal, options.onResumed));
  app.get('/api/why/:subject', authorized, async (request, response) => {
    const subject = String(request.params['subject']);
    const { instance } = request.query;
    const run = await runFor(journal, subject, instance);
    const known = { journal, inventory: () => options.holder.current().inventory };
    const explanation =
      run === undefined
        ? await explainUnheard({ alertname: subject, instance }, known, options.prometheus)
        : await explain(run, known);
    if (typeof explanation === 'string') response.status(404).type('text').send(`${explanation}\n`);
    else response.json(explanation);
  });
  app.use(authorized, pageRoutes(journal));
  app.use((_request, response) => void response.status(404).type('text').send('there is nothing here\n'));
  app.use(errorAnswer(options));
  return app;
}

/** The run of an id, or the newest one of an alert's fingerprint or name, about one target where that is said. */
async function runFor(journal: Journal, subject: string, instance: unknown): Promise<Run | undefined> {
  const id = (await journal.newestRun(subject)) ?? subject;
  const run = await journal.run(id);
  return (
    run ??
    (await journal.runs(MAX_RUNS)).find(
      ({ alert: { labels } }) =>
        labels['alertname'] === subject && (instance === undefined || labels['instance'] === instance),
    )
  );
}

/** A browser adds its login to what a page of another site has it send, and says which site that is. What takes JSON alone no such page can send. */
function refuseOtherSites({ headers }: Request, response: Response, next: NextFunction): void {
  if (headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host) next();
  else response.status(403).type('text').send('this is not for pages of other sites\n');
}

async function reload({ holder }: AppOptions, response: Response): Promise<void> {
  const problems = (await holder.reload()).map(formatProblem);
  response.status(problems.length === 0 ? 200 : 422).type('text');
  response.send(problems.length === 0 ? 'reloaded\n' : `${problems.join('\n')}\n`);
}

function authorization({ holder, readPassword }: AppOptions) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const { username } = holder.current().inventory.remediator;
    if (isBasicAuthorized(request.headers.authorization, username, await readPassword())) {
      next();
      return;
    }
    response.status(401).set('www-authenticate', 'Basic realm="steward"').type('text');
    response.send('user and password, please\n');
  };
}

function errorAnswer({ log }: AppOptions) {
  return (error: unknown, _request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
      return;
    }
    log.error({ error: messageOf(error) }, 'a request could not be answered');
    response
      .status(error instanceof JournalError ? 503 : 500)
      .type('text')
      .send(`${messageOf(error)}\n`);
  };
}
