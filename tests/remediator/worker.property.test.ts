import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import type { Host, Outcome } from '../../hosts/host.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import type { PrometheusClient } from '../../remediator/prometheus/prometheus-client.ts';
import { createHostLocks } from '../../remediator/run/host-locks.ts';
import type { Journal } from '../../remediator/store/journal.ts';
import { openSqliteJournal } from '../../remediator/store/sqlite-journal.ts';
import { createWorker, type Worker } from '../../remediator/worker.ts';
import { makeAlert } from './alerts.ts';
import { makeInventory } from './inventory.ts';
import { noSilences } from './no-silences.ts';

const output = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), truncated: false };
const outcomes: readonly Outcome[] = [
  { kind: 'succeeded', ...output },
  { kind: 'unknown', reason: 'connection lost', ...output },
  { kind: 'failed', exitCode: 1, reason: 'exit code 1', ...output },
  { kind: 'failed', exitCode: undefined, reason: 'unreachable', ...output },
];

/** What goes on outside of the processes, and outlives them. */
interface World {
  readonly effect: 'healed' | 'nothing' | 'harm';
  readonly outcome: Outcome;
  /** What was sent, each with the id of its run. An undo may be sent again. */
  readonly sent: string[];
  /** How many commands run on the host at this time, and the most that ever did. */
  running: number;
  most: number;
}

/** A process that can be lost: from then on nothing that it still does has an effect. */
interface LosableProcess {
  readonly worker: Worker;
  readonly journal: Journal;
  lose(): Promise<void>;
}

async function startProcess(file: string, world: World): Promise<LosableProcess> {
  let isLost = false;
  const never = new Promise<never>(() => undefined);
  const real = await openSqliteJournal(file, () => undefined);
  const journal = new Proxy(real, {
    get: (target, name: keyof Journal) =>
      isLost ? () => never : (...args: never[]) => (target[name] as (...all: never[]) => unknown)(...args),
  });
  const prometheus = scripted(world);
  const worker = createWorker(
    {
      journal,
      prometheus,
      sharedPrometheus: prometheus,
      refresh: () => Promise.resolve(),
      silences: noSilences,
      locks: createHostLocks(() => 4),
      hostOf: () => scriptedHost(world, () => isLost),
      botOf(id) {
        throw new Error(`no bot is asked here: ${id}`);
      },
      inventory: () =>
        makeInventory({
          verify: { query: 'ok{instance="$target"} == 1', samples: 1, within: '10ms' },
          cooldown: '1s',
          limit: '99 per 1h',
        }),
      signal: new AbortController().signal,
    },
    pino({ level: 'silent' }),
    { onNews: () => undefined, onInterruption: () => undefined },
  );
  return {
    worker,
    journal: real,
    async lose() {
      isLost = true;
      world.running = 0;
      await real.close();
    },
  };
}

function scripted({ effect }: World): PrometheusClient {
  let seconds = 1000;
  return {
    query(query) {
      const isEmpty =
        query.includes('steward_data_timestamp') ||
        (query.startsWith('ok') && effect !== 'healed') ||
        (query.startsWith('probe_success') && query.endsWith('== 0') && effect !== 'harm');
      if (isEmpty) return Promise.resolve([]);
      seconds += 1;
      const labels = { instance: 'blog' };
      return Promise.resolve([{ labels, value: query.startsWith('timestamp') ? seconds : 1 }]);
    },
    now: () => Promise.resolve(seconds),
    alertingRules: () => Promise.resolve([{ name: 'Drift', query: 'drift', labels: {} }]),
  };
}

function scriptedHost(world: World, isLost: () => boolean): Host {
  const unused = (): never => {
    throw new Error('nothing else is asked of the host');
  };
  return {
    id: 'web1',
    kind: 'ssh',
    user: 'steward',
    async run({ argv }) {
      if (isLost()) return new Promise<never>(() => undefined);
      world.sent.push(argv.join(' '));
      world.running += 1;
      world.most = Math.max(world.most, world.running);
      await new Promise(setImmediate);
      world.running -= 1;
      return world.outcome;
    },
    readFile: unused,
    stat: unused,
    close: () => Promise.resolve(),
  };
}

const steps = fc.array(
  fc.record({
    what: fc.constantFrom('deliver', 'deliver', 'deliver twice', 'resolve', 'wait', 'lose'),
    episode: fc.integer({ min: 0, max: 3 }),
    /** How many turns of the event loop pass before the next step. */
    turns: fc.integer({ min: 0, max: 12 }),
  }),
  { minLength: 1, maxLength: 12 },
);

async function take(one: LosableProcess, what: string, fingerprint: string): Promise<void> {
  const status = what === 'resolve' ? 'resolved' : 'firing';
  const alert = makeAlert({}, { fingerprint, status });
  if (what === 'wait') return one.worker.idle();
  const copies = what === 'deliver twice' ? [1, 2] : [1];
  await Promise.all(
    copies.map(async () => {
      for (const id of await one.journal.accept([alert], new Date())) one.worker.look(id);
    }),
  );
}

test('whatever is delivered, lost and started again in whatever order: one command for each run, and one outcome', async () => {
  const property = fc.asyncProperty(
    steps,
    fc.constantFrom('healed', 'nothing', 'harm'),
    fc.constantFrom(...outcomes),
    async (script, effect, outcome) => {
      await using folder = await createTempFolder('steward-worker');
      const file = join(folder.path, 'journal.sqlite');
      const world: World = { effect, outcome, sent: [], running: 0, most: 0 };
      let current = await startProcess(file, world);
      const restart = async () => {
        await current.lose();
        current = await startProcess(file, world);
        await current.worker.resume();
      };
      for (const { what, episode, turns } of script) {
        if (what === 'lose') await restart();
        else await take(current, what, `e${episode}`);
        for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      }
      await restart();
      for (const episode of [0, 1, 2, 3]) await take(current, 'resolve', `e${episode}`);
      await current.worker.idle();
      const runs = await current.journal.runs(100);
      await current.lose();
      const acted = runs.filter(({ actedAtMs }) => actedAtMs !== undefined);
      const fixes = world.sent.filter((line) => line.startsWith('site-fix-permissions'));
      expect(new Set(fixes).size).toBe(fixes.length);
      expect(fixes.length).toBeLessThanOrEqual(acted.length);
      expect(world.most).toBeLessThanOrEqual(1);
      for (const run of runs) {
        expect(run).toMatchObject({
          state: 'closed',
          outcome: expect.any(String),
          reason: expect.any(String),
        });
        expect(run.events.filter(({ kind }) => kind === 'finished')).toHaveLength(1);
      }
    },
  );
  await fc.assert(property, { numRuns: 40 });
}, 90_000);
