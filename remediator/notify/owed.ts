import { randomUUID } from 'node:crypto';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { describePause, type Pause } from '../pause.ts';
import type { Reason } from '../run/run.ts';
import type { RunNews } from '../run/run-record.ts';
import { isForPeople } from './is-for-people.ts';
import type { Owed } from './message.ts';

/** What holds all runs back at once: one message of it is enough for all of them. */
const ABOUT_ALL: ReadonlySet<Reason> = new Set(['mass_failure', 'paused', 'frozen']);

/** After this time it is told again, where it still goes on. */
const AGAIN_MS = 3_600_000;

type Receivers = Pick<Inventory, 'notify'>;

/** What people are owed of a run's news; undefined where that is nothing to them, or there is nobody to be told. */
export function owedFor(news: RunNews, receivers: Receivers): Owed | undefined {
  if (!hasReceiver(receivers) || !isForPeople(news)) return undefined;
  const { run, plan, outcome, reason, detail = null, isClosed: closed } = news;
  const { alertname = null, instance = null } = run.alert.labels;
  const { policy = null, action = null, target = null, host = null } = plan ?? {};
  const about = { id: run.id, alertname, instance, policy, action, target, host };
  return {
    message: { ...idAndTime(), outcome, reason, detail, closed, run: about },
    ...(ABOUT_ALL.has(reason) && !closed && { once: { subject: reason, againMs: AGAIN_MS } }),
  };
}

/** What people are owed where Steward has paused itself. */
export function owedForPause(pause: Pause, receivers: Receivers): Owed | undefined {
  if (!hasReceiver(receivers)) return undefined;
  const why = { outcome: 'paused', reason: 'paused', detail: describePause(pause) } as const;
  return { message: { ...idAndTime(), ...why, closed: false, run: null } };
}

function hasReceiver({ notify }: Receivers): boolean {
  return notify.webhook !== undefined;
}

function idAndTime(): { id: string; at: string } {
  return { id: randomUUID(), at: new Date().toISOString() };
}
