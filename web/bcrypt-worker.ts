import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';
import type { Answer, Question } from './bcrypt-thread.ts';

parentPort?.on('message', ({ id, password, hash }: Question) => {
  parentPort?.postMessage({ id, isRight: compareSync(password, hash) } satisfies Answer);
});
