import express, { type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { Journal } from '../store/journal.ts';

/** What a person answers to a run that waits for them. */
const answerSchema = z.strictObject({
  answer: z.enum(['approve', 'deny']),
  plan: z.string(),
  by: z.string().min(1).max(100),
});

/**
 * Takes a person's answer to a run, as JSON alone: what a page of another site can send with a browser's login is not that.
 */
export function approvalHandlers(journal: Journal, look: (runId: string) => void): RequestHandler[] {
  const json = express.json({ limit: '4kb', strict: true });
  return [json, (request, response) => take(request, response, journal, look)];
}

async function take(
  request: Request,
  response: Response,
  journal: Journal,
  look: (runId: string) => void,
): Promise<void> {
  const answer = answerSchema.safeParse(request.body);
  const id = String(request.params['id']);
  response.type('text');
  if (!answer.success) response.status(400).send('expected JSON with answer, plan and by\n');
  else if ((await journal.run(id)) === undefined) response.status(404).send('there is no such run\n');
  else {
    const refusal = await journal.answer(id, answer.data, new Date());
    response.status(refusal === undefined ? 200 : 409).send(`${refusal ?? 'recorded'}\n`);
    if (refusal === undefined) look(id);
  }
}
