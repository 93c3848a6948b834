import type { Alert } from '../alerts/alert.ts';
import type { Reason, RunEvent, RunOutcome, RunState } from '../run/run.ts';

/** How a run begins. */
interface Beginning {
  readonly state: RunState;
  readonly outcome: RunOutcome | null;
  readonly reason: Reason | null;
  readonly events: readonly RunEvent[];
}

/**
 * How a run of an alert begins: it waits to be looked at. One of an alert whose end came first is closed at once, so that a firing that comes late finds it,
 * and opens nothing.
 */
export function beginningOf({ status }: Alert, attempt: number, at: string): Beginning {
  const received: RunEvent = { at, kind: 'received', data: { status, attempt } };
  if (status === 'firing') return { state: 'waiting', outcome: null, reason: null, events: [received] };
  const end = { outcome: 'blocked', reason: 'alert_resolved' } as const;
  return { state: 'closed', ...end, events: [received, { at, kind: 'finished', data: end }] };
}
