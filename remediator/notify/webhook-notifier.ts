import { createHmac } from 'node:crypto';
import type { Secret } from '../../inventory/secret.ts';
import type { Message } from './message.ts';
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

/**
 * Makes a notifier that posts JSON. `X-Steward-Signature` is `t=<seconds>,v1=<hex>`: the HMAC-SHA256 of `<seconds>.<body>`, so
 * that a receiver can tell who sent it, and refuse what is old. Settings are asked each time; undefined where none are wanted. What is under way
 * when the signal is given then has 3 seconds.
 */
export function createWebhookNotifier(
  settings: () => Promise<WebhookSettings | undefined>,
  signal: AbortSignal,
): Notifier {
  const late = new AbortController();
  signal.addEventListener('abort', () => void setTimeout(() => late.abort(), LAST_CHANCE_MS).unref());
  return {
    async send(message) {
      const to = await settings();
      if (to === undefined) return 'nobody';
      await post(to, JSON.stringify(bodyOf(message, to.externalUrl)), late.signal);
      return 'taken';
    },
  };
}

/** Rejects with why it was not taken. */
async function post({ url, secret }: WebhookSettings, body: string, late: AbortSignal): Promise<void> {
  const seconds = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret.reveal()).update(`${seconds}.${body}`).digest('hex');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-steward-signature': `t=${seconds},v1=${signature}` },
    body,
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), late]),
    redirect: 'error',
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
}

function bodyOf({ run, ...about }: Message, externalUrl: string): object {
  const url = `${externalUrl.replace(/\/$/, '')}/api/runs/`;
  return { version: 1, ...about, run: run && { ...run, url: `${url}${run.id}` } };
}
