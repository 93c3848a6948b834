import { Router, type Request } from 'express';
import { RequestError } from '../request-error.ts';
import type { TargetGroup } from '../targets/targets.ts';
import { escapeHtml, htmlPage } from './html.ts';
import type { KeptResults } from './kept-results.ts';
import { landingPage } from './landing-page.ts';

/** What the pages show. */
export interface PageOptions {
  readonly version: string;
  readonly groups: (request: Request) => readonly TargetGroup[];
  readonly results: KeptResults;
}

/** The pages for people: `/`, and `/results/<n>` for a scrape that is kept. */
export function pageRoutes({ version, groups, results }: PageOptions): Router {
  const router = Router();
  router.get(
    '/',
    (request, response) => void response.type('html').send(landingPage(version, groups(request), results)),
  );
  router.get('/results/:number', (request, response) => {
    const result = results.get(Number(request.params.number));
    if (result === undefined) {
      throw new RequestError(
        404,
        'this result is not kept: the last of each target and the last failures are',
      );
    }
    const { number, module, target, text } = result;
    const title = `Result ${number}: ${module} ${target}`;
    const body = `<h1>${escapeHtml(title)}</h1>\n<p><a href="/">all targets</a></p>\n<pre>${escapeHtml(text.toString())}</pre>`;
    response.type('html').send(htmlPage(title, body));
  });
  return router;
}
