import { createHmac, randomBytes } from 'node:crypto';
import type { Compare } from './bcrypt-thread.ts';

/** Someone who wants in. */
export interface Attempt {
  readonly user: string;
  readonly password: string;
  /** The address it comes from. */
  readonly from: string;
}

/** How it went; `busy` where too many others are being checked. */
export type Verdict = 'right' | 'wrong' | 'busy';

/** Checks a user and password against users with their bcrypt hashes. */
export type PasswordCheck = (attempt: Attempt, users: ReadonlyMap<string, string>) => Promise<Verdict>;

/** So many right passwords are remembered, as by the exporters written in Go. */
const REMEMBERED = 100;
/** So many different attempts may wait, and so many from one address, so that who guesses does not keep out others. */
const MAX_WAITING = 64;
const MAX_WAITING_FROM_ONE = 4;
/** Salt and hash of a password that nobody has. */
const NOBODY = 'QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ.VcEd00UAV.LDeSi';

/**
 * Makes a check that remembers what was right, since a comparison is slow on purpose. A user that is not there costs the same as one
 * that is. What is remembered are digests under a key of this process.
 */
export function createPasswordCheck(compare: Compare): PasswordCheck {
  const key = randomBytes(32);
  const right = new Set<string>();
  const underWay = new Map<string, { readonly from: string; readonly isRight: Promise<boolean> }>();

  async function ask(digest: string, { user, password }: Attempt, users: ReadonlyMap<string, string>) {
    const hash = users.get(user);
    const isRight = await compare(password, hash ?? hashOfNobody(users));
    if (hash === undefined || !isRight) return false;
    right.add(digest);
    const [oldest] = right;
    if (right.size > REMEMBERED && oldest !== undefined) right.delete(oldest);
    return true;
  }

  return async (attempt, users) => {
    const { user, password, from } = attempt;
    const texts = [user, users.get(user) ?? '', password];
    const digest = createHmac('sha256', key).update(JSON.stringify(texts)).digest('base64');
    if (right.has(digest)) return 'right';
    const same = underWay.get(digest);
    if (same !== undefined) return (await same.isRight) ? 'right' : 'wrong';
    const fromOne = [...underWay.values()].filter((other) => other.from === from).length;
    if (underWay.size >= MAX_WAITING || fromOne >= MAX_WAITING_FROM_ONE) return 'busy';
    const isRight = ask(digest, attempt, users);
    underWay.set(digest, { from, isRight });
    try {
      return (await isRight) ? 'right' : 'wrong';
    } finally {
      underWay.delete(digest);
    }
  };
}

/** Of the highest cost among the users. */
function hashOfNobody(users: ReadonlyMap<string, string>): string {
  const cost = [...users.values()]
    .map((hash) => hash.slice(4, 6))
    .reduce((one, other) => (one > other ? one : other), '04');
  return `$2b$${cost}$${NOBODY}`;
}
