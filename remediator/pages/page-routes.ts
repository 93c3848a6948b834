import { Router } from 'express';
import { latestRuns } from '../answers/needs-people.ts';
import type { Journal } from '../store/journal.ts';
import { sendPage, STYLE } from './layout.ts';
import { overview } from './overview.ts';
import { runPage } from './run-page.ts';
import { runbook, runbookList } from './runbooks.ts';

const LATEST = 100;

/** The pages for people: what is wrong, each run, and the runbooks. Whoever mounts them asks for a login first. */
export function pageRoutes(journal: Journal): Router {
  const router = Router();
  router.get('/style.css', (_request, response) => void response.type('css').send(STYLE));
  router.get('/', async (_request, response) => {
    const nowMs = Date.now();
    const [runs, pause] = await Promise.all([latestRuns(journal, LATEST, nowMs), journal.pause()]);
    sendPage(response, 'What Steward sees', overview(runs, pause, nowMs));
  });
  // Where messages of Alertmanager lead: they know the alert and not its run.
  router.get('/alerts/:fingerprint', async (request, response) => {
    const id = await journal.newestRun(request.params.fingerprint);
    response.redirect(303, id === undefined ? '/' : `/runs/${id}`);
  });
  router.get('/runs/:id', async (request, response, next) => {
    const run = await journal.run(request.params.id);
    if (run === undefined) next();
    else sendPage(response, `Run ${run.id}`, runPage(run));
  });
  router.get('/runbooks', async (_request, response) => {
    sendPage(response, 'Runbooks', await runbookList());
  });
  router.get('/runbooks/:name', async (request, response, next) => {
    const { name } = request.params;
    const body = await runbook(name);
    if (body === undefined) next();
    else sendPage(response, name, body);
  });
  return router;
}
