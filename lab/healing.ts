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
  readonly events: readonly {
    readonly at: string;
    readonly kind: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
}

const POLL_MS = 100;
const EVENT_OF: Readonly<Partial<Record<Phase, string>>> = {
  started: 'acting',
  fixed: 'acted',
  verified: 'verified',
};

/** How a fault is followed. */
export interface FollowOptions {
  /** How long to wait for the end, in milliseconds; two minutes where it is not given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Breaks the site, and follows what Steward does until the alert is resolved, the run has failed, or the time is over. */
export async function breakAndFollow(
  lab: Lab,
  fault: Fault,
  onPhase: (phase: Phase, seconds: number) => void,
  { timeoutMs = 120_000, signal }: FollowOptions = {},
): Promise<Healing> {
  const startMs = Date.now();
  await fault.inject(lab.site, signal);
  if (fault.collector !== undefined) await readAgain(lab, fault.instance, fault.collector);
  const seconds: Partial<Record<Phase, number>> = {};
  const reach = (phase: Phase, atMs: number) => {
    if (seconds[phase] !== undefined) return;
    seconds[phase] = Math.max(0, Math.round(atMs - startMs)) / 1000;
    onPhase(phase, seconds[phase]);
  };
  let run: ApiRun | undefined;
  while (seconds.resolved === undefined && !hasFailed(run) && Date.now() - startMs < timeoutMs) {
    if (seconds.seen === undefined && (await isSeen(lab, fault))) reach('seen', Date.now());
    const isFiring = await isAlertFiring(lab, fault);
    if (isFiring) reach('firing', Date.now());
    run = await latestRun(lab, fault, startMs);
    for (const [phase, atMs] of reachedIn(run)) reach(phase, atMs);
    if (seconds.verified !== undefined && !isFiring) reach('resolved', Date.now());
    await delay(POLL_MS, undefined, { signal });
  }
  const outcome = run?.outcome ?? undefined;
  return { fault: fault.name, isHealed: outcome === 'verified', seconds, outcome };
}

/** Has the exporter read something at once that it reads only now and then. */
export async function readAgain(
  { ports, secrets }: Pick<Lab, 'ports' | 'secrets'>,
  target: string,
  collector: string,
): Promise<void> {
  const url = `http://127.0.0.1:${ports.exporter}/refresh?target=${target}&collector=${collector}`;
  const headers = { authorization: basic(secrets.exporter_password) };
  const response = await fetch(url, { method: 'POST', headers });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

function hasFailed(run: ApiRun | undefined): boolean {
  return run?.state === 'closed' && run.outcome !== 'verified';
}

function reachedIn(run: ApiRun | undefined): [Phase, number][] {
  const kinds = Object.entries(EVENT_OF) as [Phase, string][];
  return kinds.flatMap(([phase, kind]): [Phase, number][] => {
    // An act that failed has fixed nothing.
    const event = run?.events.find(
      (candidate) => candidate.kind === kind && candidate.data['outcome'] !== 'failed',
    );
    return event === undefined ? [] : [[phase, Date.parse(event.at)]];
  });
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
