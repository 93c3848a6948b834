import type { Ping } from './job-record.ts';

/** The words after the id in a ping's address, beside exit codes. */
const actions = { start: 'start', fail: 'failure', log: 'log' } as const;

const RUN_ID = /^[A-Za-z0-9_-]{1,64}$/;
const EXIT_CODE = /^\d{1,3}$/;
const COUNT = /^\d{1,9}$/;

/**
 * Reads a ping from what stands after the id in its address, and from its parameters `rid`, `items` and `waiting`. Returns undefined
 * where the address is none of a ping, and a sentence where a parameter is wrong.
 */
export function parsePing(word: string | undefined, parameters: URLSearchParams): Ping | string | undefined {
  const action = actionOf(word);
  if (action === undefined) return undefined;
  const runId = parameters.get('rid') ?? '';
  if (runId !== '' && !RUN_ID.test(runId))
    return 'rid is 64 characters of A-Z, a-z, 0-9, "-" and "_" at most, such as a UUID';
  const [items, waiting] = [parameters.get('items'), parameters.get('waiting')];
  const isCount = (text: string | null) => text === null || COUNT.test(text);
  if (!isCount(items) || !isCount(waiting)) return 'items and waiting are whole numbers of up to nine digits';
  return { ...action, runId, items: numberOf(items), waiting: numberOf(waiting) };
}

function actionOf(word: string | undefined): Pick<Ping, 'action' | 'exitCode'> | undefined {
  if (word === undefined) return { action: 'success' };
  if (Object.hasOwn(actions, word)) return { action: actions[word as keyof typeof actions] };
  const exitCode = EXIT_CODE.test(word) ? Number(word) : 256;
  return exitCode > 255 ? undefined : { action: exitCode === 0 ? 'success' : 'failure', exitCode };
}

function numberOf(text: string | null): number | undefined {
  return text === null ? undefined : Number(text);
}
