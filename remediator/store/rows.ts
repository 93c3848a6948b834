import type { Alert } from '../alerts/alert.ts';
import type { Pause } from '../pause.ts';
import type { Plan, Run, RunEvent } from '../run/run.ts';
import type { AlertInHand, Episode, LastAction, PastAction } from './journal.ts';

type Row = Readonly<Record<string, unknown>>;

/** Makes a run of its row and the rows of its events. */
export function toRun(row: Row, events: readonly Row[]): Run {
  return {
    id: row['id'] as string,
    alert: toAlert(row),
    attempt: row['attempt'] as number,
    plan: row['plan'] === null ? undefined : (JSON.parse(row['plan'] as string) as Plan),
    state: row['state'] as Run['state'],
    outcome: (row['outcome'] ?? undefined) as Run['outcome'],
    reason: (row['reason'] ?? undefined) as Run['reason'],
    createdAt: row['created_at'] as string,
    actedAtMs: (row['acted_at_ms'] ?? undefined) as number | undefined,
    events: events.map(toEvent),
  };
}

/** Makes the alert of a run of the run's row. */
export function toAlert(row: Row): Alert {
  return {
    fingerprint: row['fingerprint'] as string,
    startsAt: row['starts_at'] as string,
    status: row['alert_status'] as Alert['status'],
    labels: JSON.parse(row['labels'] as string) as Alert['labels'],
  };
}

/** Makes an action of the past of its row. */
export function toPastAction(row: Row): PastAction {
  return {
    runId: row['id'] as string,
    fingerprint: row['fingerprint'] as string,
    plan: JSON.parse(row['plan'] as string) as Plan,
    atMs: row['acted_at_ms'] as number,
    outcome: (row['outcome'] ?? undefined) as PastAction['outcome'],
    reason: (row['reason'] ?? undefined) as PastAction['reason'],
  };
}

/** Makes an alert in hand of the row of its run. */
export function toAlertInHand(row: Row): AlertInHand {
  const labels = JSON.parse(row['labels'] as string) as Alert['labels'];
  const { target } = JSON.parse(row['plan'] as string) as Plan;
  return { alertname: labels['alertname'] ?? '', target };
}

/** Makes the times of a host's last actions of their row. */
export function toLastAction(row: Row): LastAction {
  return {
    host: row['host'] as string,
    begunAtMs: (row['begun_at_ms'] ?? undefined) as number | undefined,
    succeededAtMs: (row['succeeded_at_ms'] ?? undefined) as number | undefined,
  };
}

/** Makes an episode of the row of its newest attempt. */
export function toEpisode(row: Row): Episode {
  return {
    runId: row['id'] as string,
    labels: JSON.parse(row['labels'] as string) as Alert['labels'],
    acceptedAtMs: Date.parse(row['created_at'] as string),
    isFiring: row['alert_status'] === 'firing',
    isClosed: row['state'] === 'closed',
  };
}

/** Makes a pause of its row. */
export function toPause(row: Row): Pause {
  return {
    since: row['since'] as string,
    untilMs: (row['until_ms'] ?? undefined) as number | undefined,
    by: row['by'] as string,
    reason: row['reason'] as string,
  };
}

function toEvent({ at, kind, data }: Row): RunEvent {
  return {
    at: at as string,
    kind: kind as RunEvent['kind'],
    data: JSON.parse(data as string) as RunEvent['data'],
  };
}
