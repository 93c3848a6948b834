import { describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';

describe('waitUntil', () => {
  test('returns the first answer that is neither undefined nor false, and takes an error for "not yet"', async () => {
    const answers = [() => undefined, () => false as const, fail, () => 0];
    expect(await waitUntil(() => answers.shift()?.(), { what: 'an answer', intervalMs: 1 })).toBe(0);
  });

  test('says what it waited for, and what explains it, with the last failure as the cause', async () => {
    const options = { what: 'sshd to listen', timeoutMs: 20, intervalMs: 1, explain: () => 'no host key' };
    await expect(waitUntil(fail, options)).rejects.toMatchObject({
      message: expect.stringMatching(/sshd to listen:\nno host key/),
      cause: new Error('not yet'),
    });
  });

  test('does not wait for a condition that hangs', async () => {
    const hangs = () => Promise.withResolvers<true>().promise;
    await expect(waitUntil(hangs, { what: 'an answer', timeoutMs: 20 })).rejects.toThrow('for an answer');
  });

  test('ends when the signal aborts', async () => {
    const abort = new AbortController();
    const waiting = waitUntil(() => false, { what: 'nothing', signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

function fail(): never {
  throw new Error('not yet');
}
