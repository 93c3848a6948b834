import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './faults/fault.ts';
import type { Lab } from './stack/lab.ts';
import { basic } from './stack/servers.ts';

/** The steps of a healing, in their order. */
export const phases = ['seen', 'firing', 'started', 'fixed', 'verified', 'resolved'] as const;
/** A step of a healing. */
export type Phase = (typeof phases)[number];

/** What came of a fault. Times are seconds from the fault; a step that was not reached is missing. */
export interface Healing {
  readonly fault: string;
  readonly isHealed: boolean;
  readonly seconds: Readonly<Partial<Record<Phase, number>>>;
  /** How the run ended, where there was one. */
  readonly outcome: string | undefined;
}

/** A run, as the remediator's API tells it. */
interface ApiRun {
  readonly alertname: string;
  readonly instance: string;
  readonly createdAt: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly events: readonly { readonly at: string; readonly kind: string }[];
}

const POLL_MS = 100;
const EVENT_OF: Readonly<Partial<Record<Phase, string>>> = {
  started: 'acting',
  fixed: 'acted',
  verified: 'verified',
};

/** Breaks the site, and follows what Steward does until the alert is resolved, or the time is over. */
export async function breakAndFollow(
  lab: Lab,
  fault: Fault,
  onPhase: (phase: Phase, seconds: number) => void,
  options: {
    readonly timeoutMs?: number;
    readonly untilResolved?: boolean;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Healing> {
  const { timeoutMs = 120_000, untilResolved = true, signal } = options;
  const start = Date.now();
  await fault.inject(lab.site);
  const seconds: Partial<Record<Phase, number>> = {};
  const reach = (phase: Phase, atMs: number) => {
    if (seconds[phase] !== undefined) return;
    seconds[phase] = Math.max(0, Math.round(atMs - start)) / 1000;
    onPhase(phase, seconds[phase]);
  };
  let run: ApiRun | undefined;
  const lastPhase = untilResolved ? 'resolved' : 'verified';
  while (seconds[lastPhase] === undefined && Date.now() - start < timeoutMs) {
    signal?.throwIfAborted();
    if (seconds.seen === undefined && (await isSeen(lab, fault))) reach('seen', Date.now());
    const isFiring = await isAlertFiring(lab, fault);
    if (isFiring) reach('firing', Date.now());
    run = (await latestRun(lab, fault, start)) ?? run;
    for (const [phase, kind] of Object.entries(EVENT_OF) as [Phase, string][]) {
      const event = run?.events.find((candidate) => candidate.kind === kind);
      if (event !== undefined) reach(phase, Date.parse(event.at));
    }
    if (run?.state === 'closed' && run.outcome !== 'verified') break;
    if (seconds.verified !== undefined && !isFiring) reach('resolved', Date.now());
    await delay(POLL_MS, undefined, { signal });
  }
  return {
    fault: fault.name,
    isHealed: run?.outcome === 'verified',
    seconds,
    outcome: run?.outcome ?? undefined,
  };
}

async function isSeen(lab: Lab, { seenQuery }: Fault): Promise<boolean> {
  const answer = await fromPrometheus<{ result: unknown[] }>(
    lab,
    `query?query=${encodeURIComponent(seenQuery)}`,
  );
  return answer.result.length > 0;
}

async function isAlertFiring(lab: Lab, fault: Fault): Promise<boolean> {
  interface PrometheusAlert {
    readonly labels: Readonly<Record<string, string>>;
    readonly state: string;
  }
  const { alerts } = await fromPrometheus<{ alerts: PrometheusAlert[] }>(lab, 'alerts');
  return alerts.some(
    ({ labels, state }) =>
      state === 'firing' && labels['alertname'] === fault.alertname && labels['instance'] === fault.instance,
  );
}

async function fromPrometheus<Data>({ ports, secrets }: Lab, path: string): Promise<Data> {
  const response = await fetch(`http://127.0.0.1:${ports.prometheus}/api/v1/${path}`, {
    headers: { authorization: basic(secrets.prometheus_password) },
  });
  return ((await response.json()) as { data: Data }).data;
}

/** The newest run for the fault's alert that began after the fault. */
export async function latestRun(lab: Lab, fault: Fault, sinceMs: number): Promise<ApiRun | undefined> {
  const { ports, secrets } = lab;
  const response = await fetch(`http://127.0.0.1:${ports.remediator}/api/runs?limit=20`, {
    headers: { authorization: basic(secrets.remediator_password) },
  });
  const { runs } = (await response.json()) as { runs: ApiRun[] };
  return runs.find(
    ({ alertname, instance, createdAt }) =>
      alertname === fault.alertname && instance === fault.instance && Date.parse(createdAt) >= sinceMs,
  );
}
