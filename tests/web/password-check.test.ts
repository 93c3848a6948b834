import { readdirSync } from 'node:fs';
import { hash } from 'bcryptjs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { createBcryptThread } from '../../web/bcrypt-thread.ts';
import { createPasswordCheck } from '../../web/password-check.ts';

const from = '192.0.2.1';
let users: ReadonlyMap<string, string>;

beforeAll(async () => {
  users = new Map([
    ['prometheus', await hash('sécret: 🗝', 4)],
    ['grafana', await hash('other', 5)],
  ]);
});

describe('with bcrypt', () => {
  const check = createPasswordCheck(createBcryptThread());

  test.each([
    ['the right password', 'prometheus', 'sécret: 🗝', 'right'],
    ['the right password once more', 'prometheus', 'sécret: 🗝', 'right'],
    ['a wrong password', 'prometheus', 'secret', 'wrong'],
    ['no password', 'prometheus', '', 'wrong'],
    ["another user's password", 'prometheus', 'other', 'wrong'],
    ['a user that is not there', 'nobody', 'other', 'wrong'],
    ['a name of JavaScript', '__proto__', 'other', 'wrong'],
    ['10,000 bytes', 'prometheus', 'a'.repeat(10_000), 'wrong'],
    ['an end of text in it', 'grafana', 'other\0more', 'wrong'],
  ])('%s', async (_kind, user, password, verdict) => {
    expect(await check({ user, password, from }, users)).toBe(verdict);
  });

  test('the thread ends when it has nothing to do, and is there again when it has', async () => {
    const compare = createBcryptThread(100);
    const hashed = users.get('grafana') ?? '';
    const threads = () => readdirSync('/proc/self/task').length;
    for (let times = 0; times < 2; times += 1) {
      expect(await Promise.all([compare('other', hashed), compare('another', hashed)])).toEqual([
        true,
        false,
      ]);
      const before = threads();
      await waitUntil(() => threads() < before, { what: 'the thread to end' });
    }
  });

  test('htpasswd and Go write hashes that are taken', async () => {
    // The first is of "fakepassword", out of exporter-toolkit; the kind 2a is Go's, and 2b OpenBSD's.
    const made = '$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';
    for (const kind of ['$2y', '$2a', '$2b']) {
      const one = new Map([['a', `${kind}${made}`]]);
      expect(await check({ user: 'a', password: 'fakepassword', from }, one)).toBe('right');
      expect(await check({ user: 'a', password: 'fakepassworD', from }, one)).toBe('wrong');
    }
  });
});

/** A comparison that waits to be told, and writes down what it was asked. */
function slowCompare() {
  const asked: string[] = [];
  const waiting: ((isRight: boolean) => void)[] = [];
  return {
    asked,
    compare: (_password: string, against: string) => {
      asked.push(against);
      return new Promise<boolean>((resolve) => waiting.push(resolve));
    },
    answer: (isRight: boolean) => {
      for (const resolve of waiting.splice(0)) resolve(isRight);
    },
  };
}

describe('what it costs', () => {
  test('a password that was right is compared once, also by many at once', async () => {
    const { asked, compare, answer } = slowCompare();
    const check = createPasswordCheck(compare);
    const attempt = { user: 'prometheus', password: 'a', from };
    const verdicts = Array.from({ length: 200 }, () => check(attempt, users));
    answer(true);
    expect(new Set(await Promise.all(verdicts))).toEqual(new Set(['right']));
    expect(await check(attempt, users)).toBe('right');
    expect(asked).toHaveLength(1);
  });

  test('a changed hash is asked anew', async () => {
    const check = createPasswordCheck((_password, against) => Promise.resolve(against === 'old'));
    const attempt = { user: 'a', password: 'b', from };
    expect(await check(attempt, new Map([['a', 'old']]))).toBe('right');
    expect(await check(attempt, new Map([['a', 'new']]))).toBe('wrong');
    expect(await check(attempt, new Map())).toBe('wrong');
  });

  test('a user that is not there is compared at the highest cost, and is wrong whatever comes of it', async () => {
    const { asked, compare, answer } = slowCompare();
    const verdict = createPasswordCheck(compare)({ user: 'nobody', password: 'a', from }, users);
    answer(true);
    expect(await verdict).toBe('wrong');
    expect(asked).toEqual([expect.stringMatching(/^\$2b\$05\$[./A-Za-z0-9]{53}$/)]);
  });

  test('who guesses waits in a short line, and keeps out neither others nor those who were right', async () => {
    const { asked, compare, answer } = slowCompare();
    const check = createPasswordCheck(compare);
    const known = { user: 'prometheus', password: 'a', from: '192.0.2.2' };
    const first = check(known, users);
    answer(true);
    expect(await first).toBe('right');
    const guesses = Array.from({ length: 100 }, (_, n) =>
      check({ user: 'prometheus', password: `guess ${n}`, from }, users),
    );
    expect(await check(known, users)).toBe('right');
    const another = check({ user: 'grafana', password: 'other', from: '192.0.2.3' }, users);
    answer(false);
    const verdicts = await Promise.all(guesses);
    expect(verdicts.filter((verdict) => verdict === 'wrong')).toHaveLength(4);
    expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(96);
    expect(await another).toBe('wrong');
    expect(asked).toHaveLength(1 + 4 + 1);
  });

  test('many addresses together wait in a line that is bounded too', async () => {
    const { asked, compare, answer } = slowCompare();
    const check = createPasswordCheck(compare);
    const guesses = Array.from({ length: 100 }, (_, n) =>
      check({ user: 'a', password: `${n}`, from: `192.0.2.${n}` }, users),
    );
    answer(false);
    expect((await Promise.all(guesses)).filter((verdict) => verdict === 'busy')).toHaveLength(36);
    expect(asked).toHaveLength(64);
  });

  test('only so many passwords are remembered', async () => {
    let compared = 0;
    const check = createPasswordCheck(() => {
      compared += 1;
      return Promise.resolve(true);
    });
    // Bcrypt reads no more than 72 bytes, so one user can have many passwords that are right.
    const ask = (n: number) => check({ user: 'grafana', password: `${n}`, from }, users);
    for (let n = 0; n <= 100; n += 1) await ask(n);
    await ask(100);
    expect(compared).toBe(101);
    await ask(0);
    expect(compared).toBe(102);
  });

  test('a comparison that fails is no answer, and the next one is made', async () => {
    let isBroken = true;
    const check = createPasswordCheck(() => {
      if (isBroken) return Promise.reject(new Error('the thread has ended'));
      return Promise.resolve(true);
    });
    await expect(check({ user: 'grafana', password: 'a', from }, users)).rejects.toThrow('has ended');
    isBroken = false;
    expect(await check({ user: 'grafana', password: 'a', from }, users)).toBe('right');
  });
});
