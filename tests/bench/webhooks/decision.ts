import { join } from 'node:path';
import { inventorySchema, type Inventory } from '../../../inventory/schema/inventory.ts';
import { actions } from '../../../remediator/actions.ts';
import { decide, type DecisionInput } from '../../../remediator/decide/decide.ts';
import { decideNow } from '../../../remediator/run/decide-now.ts';
import type { Plan, Run, RunEvent } from '../../../remediator/run/run.ts';
import type { Journal } from '../../../remediator/store/journal.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { makeAlert } from '../../remediator/alerts.ts';
import { atMost, quantile, type Figure } from '../figure.ts';

const POLICIES = 200;
const SITES = 100;
const LAST_POLICY = `policy-${POLICIES - 1}`;
const PAST_ACTIONS = 20_000;
/** Every tenth is of the policy that is decided about. */
const OF_THE_POLICY = 10;
const ALERTS = 100;
const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const DECISIONS = 1000;
const WARM_UP = 200;

/**
 * A decision with 200 policies, of which the last fits, a year with 20,000 actions, and 100 alerts that fire: the pure function on all of that, and
 * what a run does, which reads from its journal what counts.
 */
export async function measureDecision(folder: string, progress: (line: string) => void): Promise<Figure[]> {
  const inventory = manyPolicies();
  const journal = await openSqliteJournal(join(folder, 'decision.sqlite'), (error) => {
    throw error;
  });
  try {
    await fillYear(journal);
    const run = await acceptAlerts(journal);
    const input = await fullInput(run, inventory, journal);
    progress(`a decision on ${input.history.length} actions and ${input.episodes.length} alerts`);
    const pure = await timesOf(() => decide(input));
    const whole = await timesOf(() => decideNow(run, { journal, inventory: () => inventory }));
    const name = `decision with ${POLICIES} policies and ${PAST_ACTIONS} actions`;
    return [
      atMost(`${name}, median`, 'ms', 1, quantile(pure, 0.5), DECISIONS),
      atMost(`${name}, with what is read for it, median`, 'ms', 5, quantile(whole, 0.5), DECISIONS),
    ];
  } finally {
    await journal.close();
  }
}

async function timesOf(decideOnce: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < WARM_UP + DECISIONS; count += 1) {
    const start = performance.now();
    const decision = (await decideOnce()) as { readonly kind: string };
    times.push(performance.now() - start);
    if (decision.kind !== 'act') throw new Error(`decided otherwise: ${JSON.stringify(decision)}`);
  }
  return times.slice(WARM_UP);
}

function manyPolicies(): Inventory {
  const site = { host: 'web1', url: 'https://blog.example', owner: 'www-data' };
  const ids = Array.from({ length: SITES }, (_item, index) => `site-${index}`);
  return inventorySchema.parse({
    hosts: { web1: { local: true } },
    sites: Object.fromEntries(ids.map((id) => [id, { ...site, path: `/var/www/${id}` }])),
    policies: Array.from({ length: POLICIES }, (_item, index) => ({
      name: `policy-${index}`,
      match: [matcherOf(index), `severity!="info"`],
      action: 'wordpress.fix-permissions',
      mode: 'auto',
      verify: { query: 'probe_success{instance="$target"} == 1' },
    })),
  });
}

/** Most policies name one alert; every tenth has a regular expression. */
function matcherOf(index: number): string {
  const alert = `Drift${POLICIES - 1 - index}`;
  return index % 10 === 0 ? `alertname=~"${alert}|Other${index}.*"` : `alertname="${alert}"`;
}

/** What the decision is made from at most: all of the year that is of the policy or on the host. */
async function fullInput(run: Run, inventory: Inventory, journal: Journal): Promise<DecisionInput> {
  return {
    alert: run.alert,
    run: { id: run.id, acceptedAtMs: Date.parse(run.createdAt) },
    inventory,
    actions,
    history: await journal.pastActions({
      policy: LAST_POLICY,
      policySinceMs: 0,
      host: 'web1',
      hostSinceMs: 0,
    }),
    openRuns: [],
    episodes: await journal.episodesSince(Date.now() - HOUR_MS),
    nowMs: Date.now(),
  };
}

/** Fills the journal with the actions of a year, spread over policies and sites; the last was a day ago. */
async function fillYear(journal: Journal): Promise<void> {
  const newestMs = Date.now() - 24 * HOUR_MS;
  const stepMs = (YEAR_MS - 25 * HOUR_MS) / PAST_ACTIONS;
  const indexes = Array.from({ length: PAST_ACTIONS }, (_item, index) => index);
  while (indexes.length > 0) {
    const some = indexes.splice(0, 500);
    await Promise.all(some.map((index) => addAction(journal, index, Math.floor(newestMs - index * stepMs))));
  }
}

async function addAction(journal: Journal, index: number, atMs: number): Promise<void> {
  const at = new Date(atMs);
  const event = (kind: RunEvent['kind']): RunEvent => ({ at: at.toISOString(), kind, data: {} });
  const [id] = await journal.accept([makeAlert({}, { fingerprint: index.toString(16) })], at);
  if (id === undefined) throw new Error('no run was opened');
  const plan: Plan = {
    policy: index % OF_THE_POLICY === 0 ? LAST_POLICY : `policy-${index % POLICIES}`,
    revision: 'bench',
    stage: 0,
    action: 'wordpress.fix-permissions',
    target: `site-${(index * 7) % SITES}`,
    // A host of its own, since only one run at a time may act on one.
    host: `host-${index}`,
    parameters: {},
  };
  await journal.claimStart(id, [event('acting')], plan, atMs);
  await journal.append(id, [event('finished')], { state: 'closed', outcome: 'verified', reason: 'verified' });
}

/** The alerts that fire now, all of one host, so that they are no mass failure. Resolves with the run of the first, which the last policy is for. */
async function acceptAlerts(journal: Journal): Promise<Run> {
  const alerts = Array.from({ length: ALERTS }, (_item, index) =>
    makeAlert(
      { alertname: `Drift${index}`, instance: `site-${index}`, severity: 'warning' },
      { fingerprint: `firing-${index}` },
    ),
  );
  const [id] = await journal.accept(alerts, new Date());
  const run = id === undefined ? undefined : await journal.run(id);
  if (run === undefined) throw new Error('no run was opened');
  return run;
}
