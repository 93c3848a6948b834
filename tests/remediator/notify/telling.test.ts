import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Message } from '../../../remediator/notify/message.ts';
import type { Notifier } from '../../../remediator/notify/notifier.ts';
import type { TellingResult } from '../../../remediator/notify/send-owed.ts';
import { createTelling, type Telling } from '../../../remediator/notify/telling.ts';
import type { Journal } from '../../../remediator/store/journal.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { makeMessage } from '../messages.ts';

let folder: TempFolder;
let journal: Journal;
let abort: AbortController;
let sent: string[];
let results: TellingResult[];
let logged: string[];
let send: Notifier['send'];

beforeEach(async () => {
  folder = await createTempFolder('steward-telling');
  journal = await openSqliteJournal(join(folder.path, 'journal.sqlite'), () => undefined);
  abort = new AbortController();
  sent = [];
  results = [];
  logged = [];
  send = () => Promise.resolve('taken');
});
afterEach(async () => {
  abort.abort();
  await journal.close();
  await folder.remove();
});

function telling(): Telling {
  return createTelling({
    journal,
    notifier: {
      send(message) {
        sent.push(message.id);
        return send(message);
      },
    },
    count: (result) => results.push(result),
    log: pino({}, { write: (line: string) => void logged.push(line) }),
    signal: abort.signal,
  });
}

/** Owed a moment ago. */
async function owe(...messages: Partial<Message>[]): Promise<void> {
  const pause = { since: '2026-03-01T12:00:00.000Z', untilMs: undefined, by: 'me', reason: '' };
  for (const changes of messages) {
    const message = makeMessage({ at: new Date().toISOString(), ...changes });
    await journal.startPause(pause, { message });
  }
}

async function tell(): Promise<void> {
  const one = telling();
  one.wake();
  await one.idle();
}

test('what is owed is sent, the oldest first, and is then no longer owed', async () => {
  await owe({ id: 'one' }, { id: 'two' });
  await tell();
  await tell();
  expect({ sent, results, logged }).toEqual({ sent: ['one', 'two'], results: ['told', 'told'], logged: [] });
  expect(await journal.countOwed()).toBe(0);
});

test('what was not taken is sent again until it is, and each time that is logged', async () => {
  const failures = [new Error('the webhook answered 500'), new Error('the webhook answered 503')];
  send = () => {
    const failure = failures.shift();
    return failure === undefined ? Promise.resolve('taken') : Promise.reject(failure);
  };
  await owe({ id: 'one' });
  telling().wake();
  await waitUntil(async () => (await journal.countOwed()) === 0, { what: 'it to be told' });
  expect(sent).toEqual(['one', 'one', 'one']);
  expect(results).toEqual(['failed', 'failed', 'told']);
  expect(logged).toHaveLength(2);
  expect(logged[0]).toContain('the webhook answered 500');
});

test('a storm is sent little by little, and all of it', async () => {
  let underWay = 0;
  let most = 0;
  send = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return 'taken';
  };
  const ids = Array.from({ length: 45 }, (_item, index) => `m${index}`);
  await owe(...ids.map((id) => ({ id })));
  await tell();
  expect(sent).toEqual(ids);
  expect(most).toBeLessThanOrEqual(10);
  expect(await journal.countOwed()).toBe(0);
});

test('what came while a message is under way is sent beside it', async () => {
  const second = Promise.withResolvers<'taken'>();
  send = ({ id }) => {
    if (id === 'quick') second.resolve('taken');
    return second.promise;
  };
  const one = telling();
  await owe({ id: 'slow' });
  one.wake();
  await waitUntil(() => sent.length === 1, { what: 'the first to be sent' });
  await owe({ id: 'quick' });
  one.wake();
  await second.promise;
  await one.idle();
  expect(results).toEqual(['told', 'told']);
});

test('what nobody took for a day is given up, and said in the log', async () => {
  await owe({ id: 'old', at: new Date(Date.now() - 86_401_000).toISOString() }, { id: 'new' });
  await tell();
  expect({ sent, results: results.toSorted() }).toEqual({ sent: ['new'], results: ['given_up', 'told'] });
  expect(logged).toHaveLength(1);
  expect(JSON.parse(logged[0] ?? '')).toMatchObject({ message: 'old', outcome: 'failed', level: 50 });
  expect(await journal.countOwed()).toBe(0);
});

test('what is owed to a receiver that steward.yml no longer has is given up', async () => {
  send = () => Promise.resolve('nobody');
  await owe({ id: 'one' });
  await tell();
  expect(results).toEqual(['given_up']);
  expect(await journal.countOwed()).toBe(0);
});

test('what the end of the process cuts off is still owed, and is due for the next', async () => {
  send = () => {
    abort.abort();
    return Promise.reject(new Error('aborted'));
  };
  await owe({ id: 'one' });
  await tell();
  expect(await journal.countOwed()).toBe(1);
  expect(await journal.takeOwed(1, 0)).toMatchObject([{ id: 'one' }]);
});

test('what earlier processes have left is looked for by itself', async () => {
  await owe({ id: 'one' });
  const looking = telling().keepLooking();
  await waitUntil(async () => (await journal.countOwed()) === 0, { what: 'it to be told' });
  abort.abort();
  await looking;
  expect(sent).toEqual(['one']);
});
