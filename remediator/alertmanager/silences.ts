import { z } from 'zod';
import type { Logger } from 'pino';
import type { Alert } from '../alerts/alert.ts';
import { messageOf } from '../message-of.ts';

/** Where Alertmanager is, and the Authorization header that it wants. */
export interface AlertmanagerAddress {
  readonly url: string;
  readonly authorization: string;
}

/** Keeps people from being told of an alert while a run heals it. Neither method rejects: a silence that cannot be set holds nothing up. */
export interface Silences {
  /** Silences the alerts with exactly these labels, until a time at the latest. Resolves with the silence's id, or undefined where it could not be set. */
  set(labels: Alert['labels'], until: Date, runId: string): Promise<string | undefined>;
  /** Ends a silence. Where that fails it ends by itself. */
  lift(id: string, runId: string): Promise<void>;
}

/** Short, since a silence is set or ended when the process stops, too, which may take 5 seconds in all. */
const TIMEOUT_MS = 3000;

const created = z.object({ silenceID: z.string().min(1).max(100) });

/** Makes them, by version 2 of Alertmanager's API; the address is asked for each time, so that a reload counts. */
export function createSilences(address: () => Promise<AlertmanagerAddress>, log: Logger): Silences {
  async function call(method: 'POST' | 'DELETE', path: string, body?: object): Promise<string> {
    const { url, authorization } = await address();
    const response = await fetch(`${url.replace(/\/$/, '')}/api/v2/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`status ${response.status}: ${text.slice(0, 200).trim()}`);
    return text;
  }
  return {
    async set(labels, until, runId) {
      const matchers = Object.entries(labels).map(([name, value]) => ({
        name,
        value,
        isRegex: false,
        isEqual: true,
      }));
      const times = { startsAt: new Date().toISOString(), endsAt: until.toISOString() };
      try {
        const comment = `Steward is at work: run ${runId}`;
        const answer = await call('POST', 'silences', { matchers, ...times, createdBy: 'steward', comment });
        return created.parse(JSON.parse(answer)).silenceID;
      } catch (error) {
        log.warn(
          { run: runId, error: messageOf(error) },
          'the alert could not be silenced; it is healed all the same',
        );
        return undefined;
      }
    },
    async lift(id, runId) {
      try {
        await call('DELETE', `silence/${encodeURIComponent(id)}`);
      } catch (error) {
        log.warn(
          { run: runId, silence: id, error: messageOf(error) },
          'a silence could not be ended; it ends by itself',
        );
      }
    },
  };
}
