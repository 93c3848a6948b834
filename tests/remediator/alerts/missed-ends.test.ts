import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { missedEndTimes } from '../../../remediator/alerts/missed-end-times.ts';
import { noteMissedEnds } from '../../../remediator/alerts/missed-ends.ts';
import type { PrometheusClient } from '../../../remediator/prometheus/prometheus-client.ts';
import { makeAlert } from '../alerts.ts';
import { startScriptedWorld, type ScriptedWorld } from '../run/scripted-world.ts';

const NOW = new Date('2026-03-01T13:00:00.000Z');
const LONG_AGO = new Date(NOW.getTime() - missedEndTimes.unseenMs - 1);
const JUST_IN_TIME = new Date(NOW.getTime() - missedEndTimes.unseenMs);

let scripted: ScriptedWorld;
/** The instances that the rule of an alert holds for, or that its query fails. */
let rules: Record<string, readonly string[] | 'fails'>;
let asked: string[];
let meanwhile: () => Promise<unknown>;
beforeEach(async () => {
  scripted = await startScriptedWorld();
  scripted.world.policy = { mode: 'approve' };
  rules = { Drift: [] };
  asked = [];
  meanwhile = () => Promise.resolve();
});
afterEach(() => scripted.stop());

const prometheus: PrometheusClient = {
  alertingRules: () =>
    Promise.resolve(Object.keys(rules).map((name) => ({ name, query: `query of ${name}`, labels: {} }))),
  async query(promql) {
    asked.push(promql);
    await meanwhile();
    const instances = rules[promql.slice('query of '.length)] ?? [];
    if (instances === 'fails') throw new Error('away');
    return instances.map((instance) => ({ labels: { instance }, value: 1 }));
  },
  now: () => Promise.reject(new Error('not asked for')),
};

/** Runs that wait, and whose alerts came at a time. */
async function waiting(at: Date, ...alerts: ReturnType<typeof makeAlert>[]): Promise<readonly string[]> {
  const ids = await scripted.journal.accept(alerts, at);
  for (const id of ids) scripted.worker.look(id);
  await scripted.worker.idle();
  return ids;
}

async function look(): Promise<void> {
  const { journal, worker } = scripted;
  const log = pino({ level: 'silent' });
  await noteMissedEnds({ journal, prometheus, look: worker.look, log }, NOW);
  await worker.idle();
}

const outcomes = async (): Promise<string[]> =>
  (await scripted.journal.runs(10))
    .map(({ alert, state, outcome }) => `${alert.fingerprint} ${state} ${outcome ?? ''}`)
    .toSorted();

test('a run whose alert is over in Prometheus, and was not delivered for long, has one end', async () => {
  const [id = ''] = await waiting(LONG_AGO, makeAlert());
  await look();
  await look();
  expect(await outcomes()).toEqual(['a1 closed expired']);
  const run = await scripted.journal.run(id);
  expect(run?.reason).toBe('alert_resolved');
  expect(run?.events.filter(({ kind }) => kind === 'finished')).toHaveLength(1);
});

test('one whose alert holds in Prometheus stays, since it may be silenced', async () => {
  rules = { Drift: ['shop', 'blog'] };
  await waiting(LONG_AGO, makeAlert());
  await look();
  expect(await outcomes()).toEqual(['a1 waiting awaiting_approval']);
});

test('one whose alert was delivered a short while ago is not asked about', async () => {
  await waiting(JUST_IN_TIME, makeAlert());
  await look();
  expect(asked).toEqual([]);
  expect(await outcomes()).toEqual(['a1 waiting awaiting_approval']);
});

test('one whose alert is delivered while Prometheus is asked stays', async () => {
  await waiting(LONG_AGO, makeAlert());
  meanwhile = () => scripted.journal.accept([makeAlert()], NOW);
  await look();
  expect(await outcomes()).toEqual(['a1 waiting awaiting_approval']);
});

test('where Prometheus cannot be asked about one it stays, and the others have their end', async () => {
  rules = { Drift: [], Other: 'fails' };
  await waiting(LONG_AGO, makeAlert({ alertname: 'Other' }, { fingerprint: 'b2' }), makeAlert());
  await expect(look()).rejects.toThrow('away');
  await scripted.worker.idle();
  expect(await outcomes()).toEqual(['a1 closed expired', 'b2 waiting no_policy']);
});

test('an alert that no rule is there for has ended', async () => {
  rules = {};
  await waiting(LONG_AGO, makeAlert());
  await look();
  expect(await outcomes()).toEqual(['a1 closed expired']);
});

test('Prometheus is asked once for each rule, however many alerts it has', async () => {
  const alerts = ['a1', 'b2', 'c3'].map((fingerprint) => makeAlert({}, { fingerprint }));
  await waiting(LONG_AGO, ...alerts);
  await look();
  expect(asked).toEqual(['query of Drift']);
});
