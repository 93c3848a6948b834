import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { Host, Outcome } from '../../../hosts/host.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import type { PrometheusClient } from '../../../remediator/prometheus/prometheus-client.ts';
import { createHostLocks } from '../../../remediator/run/host-locks.ts';
import type { Plan, RunEvent } from '../../../remediator/run/run.ts';
import type { Journal } from '../../../remediator/store/journal.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { createWorker, type Worker } from '../../../remediator/worker.ts';
import { makeAlert } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';

const output = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), truncated: false };
const succeeded: Outcome = { kind: 'succeeded', ...output };
const unknown: Outcome = { kind: 'unknown', reason: 'connection lost', ...output };
const failed: Outcome = { kind: 'failed', exitCode: 1, reason: 'exit code 1', ...output };
const blogPlan: Plan = {
  policy: 'fix',
  revision: 'r1',
  stage: 0,
  action: 'wordpress.fix-permissions',
  target: 'blog',
  host: 'web1',
  parameters: {},
};
let folder: TempFolder;
let journal: Journal;
let worker: Worker;
let world: {
  firing: boolean;
  guard: boolean;
  healthy: boolean;
  act: Outcome;
  undo: Outcome;
  policy: object;
  afterAct: () => void;
};
let sent: { verb: string; states: string[] }[];

function scripted(): PrometheusClient {
  let seconds = 1000;
  const answer = (query: string): boolean | number => {
    if (query.startsWith('timestamp(')) return (seconds += 1);
    if (query.includes('steward_data_timestamp')) return false;
    if (query === 'drift') return world.firing;
    if (query.startsWith('guard')) return world.guard;
    return query.endsWith('== 0') ? !world.healthy : world.healthy;
  };
  return {
    query(query) {
      const value = answer(query);
      const samples = ['blog', 'shop'].map((instance) => ({ labels: { instance }, value: Number(value) }));
      return Promise.resolve(value === false ? [] : samples);
    },
    now: () => Promise.resolve(1000),
    alertingRules: () => Promise.resolve([{ name: 'Drift', query: 'drift', labels: {} }]),
  };
}

const host: Host = {
  id: 'web1',
  kind: 'ssh',
  user: 'steward',
  async run({ argv }) {
    const runs = await journal.openRuns();
    sent.push({ verb: argv[0], states: runs.map(({ state }) => state) });
    if (argv[0] === 'site-undo-permissions' || argv[0] === 'site-activate-plugin') return world.undo;
    world.afterAct();
    return world.act;
  },
  readFile: () => Promise.reject(new Error('not asked for')),
  stat: () => Promise.reject(new Error('not asked for')),
  close: () => Promise.resolve(),
};

beforeEach(async () => {
  folder = await createTempFolder('steward-pipeline');
  journal = await openSqliteJournal(join(folder.path, 'journal.sqlite'), () => undefined);
  sent = [];
  world = {
    firing: true,
    guard: true,
    healthy: true,
    act: succeeded,
    undo: succeeded,
    policy: {},
    afterAct: () => undefined,
  };
  const verify = { query: 'probe_success{instance="$target"} == 1', samples: 1, within: '1s' };
  worker = createWorker(
    {
      journal,
      prometheus: scripted(),
      refresh: () => Promise.resolve(),
      locks: createHostLocks(),
      hostOf: () => host,
      inventory: () => makeInventory({ verify, guard: ['guard == 1'], ...world.policy }),
      signal: new AbortController().signal,
    },
    pino({ level: 'silent' }),
    { onNews: () => undefined, onInterruption: () => undefined },
  );
});

afterEach(async () => {
  await worker.idle();
  await journal.close();
  await folder.remove();
});

async function deliver(...alerts: ReturnType<typeof makeAlert>[]) {
  for (const id of await journal.accept(alerts, new Date())) worker.look(id);
  await worker.idle();
  return journal.runs(10);
}
const verbs = () => sent.map(({ verb }) => verb);
const kinds = (events: readonly RunEvent[] = []) => events.map(({ kind }) => kind);

describe('a run', () => {
  test('goes from the alert to the proof, and is `acting` in the journal before anything is sent', async () => {
    const [run] = await deliver(makeAlert());
    expect(run).toMatchObject({ state: 'closed', outcome: 'verified', reason: 'verified' });
    const order = [
      'received',
      'matched',
      'locked',
      'corroborated',
      'guarded',
      'acting',
      'acted',
      'verifying',
    ];
    expect(kinds(run?.events)).toEqual([...order, 'verified', 'finished']);
    expect(sent).toEqual([{ verb: 'site-fix-permissions', states: ['acting'] }]);
  });

  test('whose command had an unknown outcome is settled by what Prometheus sees', async () => {
    world.act = unknown;
    expect(await deliver(makeAlert())).toMatchObject([{ outcome: 'verified' }]);
    expect(verbs()).toHaveLength(1);
  });

  test('without proof has failed, and nothing is undone', async () => {
    world.healthy = false;
    expect(await deliver(makeAlert())).toMatchObject([{ outcome: 'failed', reason: 'not_verified' }]);
    expect(verbs()).toEqual(['site-fix-permissions']);
  });

  test.each([
    ['is undone', succeeded, { outcome: 'rolled_back', reason: 'harm_undone' }],
    ['has failed where the undo does', failed, { outcome: 'failed', reason: 'undo_failed' }],
  ])('that did harm %s', async (_what, undo, end) => {
    world.undo = undo;
    world.afterAct = () => (world.healthy = false);
    expect(await deliver(makeAlert())).toMatchObject([end]);
    expect(verbs()).toEqual(['site-fix-permissions', 'site-undo-permissions']);
  });

  test('that takes something away and cannot be proved puts it back', async () => {
    world.policy = { action: 'wordpress.deactivate-plugin', with: { plugin: 'acme' } };
    world.healthy = false;
    const [run] = await deliver(makeAlert());
    expect(run).toMatchObject({ outcome: 'rolled_back', reason: 'not_healed_undone' });
    expect(run?.events.find(({ kind }) => kind === 'undoing')?.data).toEqual({ cause: 'not_healed' });
    expect(verbs()).toEqual(['site-deactivate-plugin', 'site-activate-plugin']);
  });

  test('whose guard fails is blocked, and is decided again when it is delivered again', async () => {
    world.guard = false;
    expect(await deliver(makeAlert())).toMatchObject([{ state: 'waiting', reason: 'guard_failed' }]);
    expect(verbs()).toEqual([]);
    world.guard = true;
    expect(await deliver(makeAlert())).toMatchObject([{ outcome: 'verified' }]);
  });

  test('that waits is closed with its reason when the alert ends', async () => {
    world.firing = false;
    await deliver(makeAlert());
    const runs = await deliver(makeAlert({}, { status: 'resolved' }));
    expect(runs).toMatchObject([{ state: 'closed', outcome: 'blocked', reason: 'not_corroborated' }]);
    expect(verbs()).toEqual([]);
  });
});

test('two alerts on one host are worked on one after the other', async () => {
  const runs = await deliver(makeAlert(), makeAlert({ instance: 'shop' }, { fingerprint: 'b2' }));
  expect(runs.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
  expect(sent.map(({ states }) => states.filter((state) => state !== 'waiting'))).toEqual([
    ['acting'],
    ['acting'],
  ]);
});

test.each([
  ['acting', []],
  ['verifying', []],
  ['undoing', ['site-undo-permissions']],
] as const)(
  'a run that was left %s is settled after a start, and its command is not sent again',
  async (state, expected) => {
    const [id = ''] = await journal.accept([makeAlert()], new Date());
    await journal.claimStart(id, [], blogPlan, Date.now());
    await journal.append(id, [], { state });
    await worker.resume();
    await worker.idle();
    expect(await journal.run(id)).toMatchObject({ state: 'closed' });
    expect(verbs()).toEqual(expected);
  },
);
