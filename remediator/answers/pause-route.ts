import express, { Router, type Request, type Response } from 'express';
import { describePause, isPaused, pauseRequestSchema, resumeRequestSchema, type Pause } from '../pause.ts';
import type { Journal } from '../store/journal.ts';

/**
 * Takes pauses, as JSON alone: what a page of another site can send with a browser's login is not that. `onResumed` hears that what was held back may
 * be looked at again.
 */
export function pauseRoutes(journal: Journal, onResumed: () => void): Router {
  const router = Router();
  const json = express.json({ limit: '4kb', strict: true });
  router.get('/', async (_request, response) => {
    response.json(presentPause(await journal.pause(), Date.now()));
  });
  router.post('/', json, async (request: Request, response: Response) => {
    const asked = pauseRequestSchema.safeParse(request.body);
    if (!asked.success) {
      response
        .status(400)
        .type('text')
        .send('expected JSON with by, and perhaps for (such as 2h) and reason\n');
      return;
    }
    const { for: durationMs, by, reason } = asked.data;
    const nowMs = Date.now();
    const since = new Date(nowMs).toISOString();
    const pause = { since, untilMs: durationMs === undefined ? undefined : nowMs + durationMs, by, reason };
    await journal.startPause(pause);
    response.json(presentPause(pause, nowMs));
  });
  router.post('/end', json, async (request: Request, response: Response) => {
    const asked = resumeRequestSchema.safeParse(request.body);
    if (!asked.success) {
      response.status(400).type('text').send('expected JSON with by\n');
      return;
    }
    const wasPaused = isPaused(await journal.pause(), Date.now());
    await journal.endPause(new Date(), asked.data.by);
    onResumed();
    response.json({ wasPaused });
  });
  return router;
}

/** What the API says of a pause. */
export function presentPause(pause: Pause | undefined, nowMs: number): object {
  if (!isPaused(pause, nowMs)) return { paused: false };
  return { paused: true, ...pause, text: describePause(pause) };
}
