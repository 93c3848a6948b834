import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Secret } from '../../inventory/secret.ts';
import { messageOf } from '../message-of.ts';
import { describePause, type Pause } from '../pause.ts';
import type { RunNews } from '../run/run-record.ts';
import { isForPeople } from './is-for-people.ts';
import type { Notifier } from './notifier.ts';

/** Where to send, and the key that signs. */
export interface WebhookSettings {
  readonly url: string;
  readonly secret: Secret;
  /** Where the remediator can be opened, for links. */
  readonly externalUrl: string;
}

const TIMEOUT_MS = 10_000;
/** So long after the signal may a message still be under way. */
const LAST_CHANCE_MS = 3000;
const RETRY_DELAYS_MS = [1000, 5000, 30_000];

/**
 * Makes a notifier that posts JSON. `X-Steward-Signature` is `t=<seconds>,v1=<hex>`: the HMAC-SHA256 of `<seconds>.<body>`, so
 * that a receiver can tell who sent it, and refuse what is old. Settings are asked each time; undefined where none are wanted. Nothing is tried
 * again once the signal was given, and what is under way then has 3 seconds.
 */
export function createWebhookNotifier(
  settings: () => Promise<WebhookSettings | undefined>,
  log: Logger,
  signal: AbortSignal,
  retryDelaysMs: readonly number[] = RETRY_DELAYS_MS,
): Notifier {
  const sending = new Set<Promise<void>>();
  const late = new AbortController();
  signal.addEventListener('abort', () => void setTimeout(() => late.abort(), LAST_CHANCE_MS).unref());
  async function send(messageFor: (externalUrl: string) => object): Promise<void> {
    const to = await settings();
    if (to === undefined) return;
    const body = JSON.stringify(messageFor(to.externalUrl));
    for (const delayMs of [...retryDelaysMs, undefined]) {
      const failure = await post(to, body, late.signal);
      if (failure === undefined) return;
      if (delayMs === undefined) throw new Error(failure);
      await delay(delayMs, undefined, { signal });
    }
  }
  function sendInBackground(messageFor: (externalUrl: string) => object, about: object): void {
    const one = send(messageFor)
      .catch((error: unknown) => log.error({ ...about, error: messageOf(error) }, 'nobody could be told'))
      .finally(() => sending.delete(one));
    sending.add(one);
  }
  return {
    tell(news) {
      if (!isForPeople(news)) return;
      sendInBackground((externalUrl) => runMessage(news, externalUrl), { run: news.run.id });
    },
    tellOfPause(pause) {
      sendInBackground(() => pauseMessage(pause), {});
    },
    async idle() {
      while (sending.size > 0) await Promise.all(sending);
    },
  };
}

/** Returns why it was not taken, or undefined where it was. */
async function post(
  { url, secret }: WebhookSettings,
  body: string,
  late: AbortSignal,
): Promise<string | undefined> {
  const seconds = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret.reveal()).update(`${seconds}.${body}`).digest('hex');
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-steward-signature': `t=${seconds},v1=${signature}` },
      body,
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), late]),
      redirect: 'error',
    });
    await response.body?.cancel();
    return response.ok ? undefined : `the webhook answered ${response.status}`;
  } catch (error) {
    return messageOf(error);
  }
}

function runMessage({ run, plan, outcome, reason, detail, isClosed }: RunNews, externalUrl: string) {
  return {
    version: 1,
    outcome,
    reason,
    detail: detail ?? null,
    closed: isClosed,
    run: {
      id: run.id,
      alertname: run.alert.labels['alertname'] ?? null,
      instance: run.alert.labels['instance'] ?? null,
      policy: plan?.policy ?? null,
      action: plan?.action ?? null,
      target: plan?.target ?? null,
      host: plan?.host ?? null,
      url: `${externalUrl.replace(/\/$/, '')}/api/runs/${run.id}`,
    },
  };
}

function pauseMessage(pause: Pause) {
  return {
    version: 1,
    outcome: 'paused',
    reason: 'paused',
    detail: describePause(pause),
    closed: false,
    run: null,
  };
}
