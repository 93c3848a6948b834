import { readdirSync, readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Journal } from '../../../remediator/store/journal.ts';

const store = new URL('../../../remediator/store/', import.meta.url);

/** The steps of the schema of an engine, in their order, by the names of their files. */
export const stepsOf = {
  sqlite: namesLike(/^\d{4}-.*\.sql$/),
  postgres: namesLike(/^postgres-\d{4}-.*\.sql$/),
} as const;

/** The text of a step. */
export function textOf(name: string): string {
  return readFileSync(new URL(name, store), 'utf8');
}

function namesLike(pattern: RegExp): readonly string[] {
  return readdirSync(store)
    .filter((name) => pattern.test(name))
    .toSorted();
}

const PLAN = (host: string) => `'{"policy":"fix","host":"${host}"}', '${host}'`;

/**
 * What an older Steward wrote: a run that waits, one that is closed, and one that was cut off while it acted. The newest schemas have when their alerts were
 * seen last.
 */
export function olderRows(hasSeenAt: boolean): string {
  const seen = hasSeenAt ? `, '2026-03-01T12:30:00.000Z'` : '';
  return `
  INSERT INTO runs (id, fingerprint, starts_at, attempt, labels, alert_status, state, outcome, reason, plan, acting_on, acted_at_ms, created_at
    ${hasSeenAt ? ', seen_at' : ''}) VALUES
    ('open', 'a1', '2026-03-01T12:00:00.000Z', 1, '{"alertname":"SiteDown"}', 'firing', 'waiting', 'blocked', 'limit', NULL, NULL, NULL, '2026-03-01T12:00:01.000Z'${seen}),
    ('done', 'b2', '2026-03-01T12:00:00.000Z', 1, '{"alertname":"SiteDown"}', 'resolved', 'closed', 'verified', 'verified',
      ${PLAN('web1')}, 1772366405000, '2026-03-01T12:00:02.000Z'${seen}),
    ('cut-off', 'c3', '2026-03-01T12:00:00.000Z', 2, '{"alertname":"SiteDown"}', 'firing', 'acting', NULL, NULL,
      ${PLAN('web2')}, 1772366406000, '2026-03-01T12:00:03.000Z'${seen});
  INSERT INTO events (run_id, at, kind, data) VALUES
    ('open', '2026-03-01T12:00:01.000Z', 'received', '{}'),
    ('cut-off', '2026-03-01T12:00:03.000Z', 'received', '{}'),
    ('open', '2026-03-01T12:00:04.000Z', 'blocked', '{"reason":"limit"}'),
    ('done', '2026-03-01T12:00:02.000Z', 'received', '{"status":"firing"}'),
    ('done', '2026-03-01T12:30:00.000Z', 'received', '{"status":"resolved"}');`;
}

/** A pause of that time, which a schema may not know yet. */
export const olderPause = `INSERT INTO pauses (since, until_ms, by, reason) VALUES ('2026-03-01T12:00:00.000Z', NULL, 'eve', 'work on the servers');`;

/** What a journal tells of those rows, whatever its schema was. */
export async function expectKept(journal: Journal, hasPause: boolean): Promise<void> {
  expect(await journal.openRuns()).toMatchObject([
    { id: 'open', state: 'waiting', events: [{ kind: 'received' }, { kind: 'blocked' }] },
    { id: 'cut-off', state: 'acting', attempt: 2, plan: { host: 'web2' }, actedAtMs: 1_772_366_406_000 },
  ]);
  expect(await journal.run('done')).toMatchObject({
    state: 'closed',
    outcome: 'verified',
    plan: { host: 'web1' },
  });
  expect(await journal.pause()).toEqual(hasPause ? expect.objectContaining({ by: 'eve' }) : undefined);
}

/** People are owed nothing of what an older Steward has told, or not; from then on they are. */
export async function expectNothingOwed(journal: Journal): Promise<void> {
  expect(await journal.countOwed()).toBe(0);
  expect(await journal.takeOwed(10, 1000)).toEqual([]);
}

/** An alert that fires when a journal is brought to a schema with that was seen then: Alertmanager has had no chance to repeat it. */
export async function expectSeenNow(journal: Journal): Promise<void> {
  expect(await journal.unseenRuns(Date.now() - 60_000)).toEqual([]);
  expect(await journal.unseenRuns(Date.now() + 60_000)).toMatchObject([{ runId: 'open' }]);
}
