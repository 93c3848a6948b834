import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Lab } from '../../../lab/stack/lab.ts';
import { basic } from '../../../lab/stack/servers.ts';

/** An alert that Prometheus says is firing. */
export interface SeenAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: string;
}

/** Which alert is meant: its name, and perhaps more of its labels. */
export type AlertLabels = Readonly<Record<string, string>> & { readonly alertname: string };

/** The alerts that have fired on a lab. */
export interface SeenAlerts {
  /** Waits until it does not fire. */
  untilSilent(alert: AlertLabels): Promise<unknown>;
  /** Waits until it has fired at or after a time, and resolves with what was sent of it. */
  untilSeen(alert: AlertLabels, sinceMs: number, timeoutMs: number): Promise<SeenAlert>;
  stop(): Promise<void>;
}

const EVERY_MS = 300;

/** Asks Prometheus again and again which alerts fire: some do so for seconds only. */
export function watchAlerts(lab: Lab): SeenAlerts {
  const seen: { readonly alert: SeenAlert; atMs: number }[] = [];
  const ended = new AbortController();
  const note = (alert: SeenAlert) => {
    const known = seen.find(({ alert: { labels } }) => isDeepStrictEqual(labels, alert.labels));
    if (known === undefined) seen.push({ alert, atMs: Date.now() });
    else known.atMs = Date.now();
  };
  const watching = (async () => {
    while (!ended.signal.aborted) {
      for (const alert of await firingOn(lab).catch(() => [])) note(alert);
      await delay(EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  return {
    untilSilent: (alert) =>
      waitUntil(async () => !(await firingOn(lab)).some((one) => isMeant(one, alert)), {
        what: `${alert.alertname} not to fire`,
        timeoutMs: 120_000,
        intervalMs: EVERY_MS,
      }),
    untilSeen: (alert, sinceMs, timeoutMs) =>
      waitUntil(() => seen.find((one) => one.atMs >= sinceMs && isMeant(one.alert, alert))?.alert, {
        what: `${alert.alertname} to fire`,
        timeoutMs,
      }),
    stop() {
      ended.abort();
      return watching;
    },
  };
}

function isMeant({ labels }: SeenAlert, meant: AlertLabels): boolean {
  return Object.entries(meant).every(([name, value]) => labels[name] === value);
}

async function firingOn({ ports, secrets }: Lab): Promise<SeenAlert[]> {
  const response = await fetch(`http://127.0.0.1:${ports.prometheus}/api/v1/alerts`, {
    headers: { authorization: basic(secrets.prometheus_password) },
    signal: AbortSignal.timeout(5000),
  });
  const { data } = (await response.json()) as { data: { alerts: SeenAlert[] } };
  return data.alerts.filter(({ state }) => state === 'firing');
}
