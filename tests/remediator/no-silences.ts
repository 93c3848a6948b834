import type { Silences } from '../../remediator/alertmanager/silences.ts';

/** Silences for tests that have no Alertmanager: none can be set. */
export const noSilences: Silences = { set: () => Promise.resolve(undefined), lift: () => Promise.resolve() };
