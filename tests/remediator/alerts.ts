import type { Alert } from '../../remediator/alerts/alert.ts';

/** When the alerts of the tests began, unless they say otherwise. */
export const STARTS_AT = '2026-03-01T12:00:00.000Z';

/** Makes a firing alert, with changes to it. */
export function makeAlert(labels: Record<string, string> = {}, change: Partial<Alert> = {}): Alert {
  return {
    fingerprint: 'a1',
    status: 'firing',
    labels: { alertname: 'Drift', instance: 'blog', ...labels },
    startsAt: STARTS_AT,
    ...change,
  };
}
