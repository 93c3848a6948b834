import { join } from 'node:path';
import { pino } from 'pino';
import type { Host, Outcome } from '../../../hosts/host.ts';
import type { Inventory } from '../../../inventory/schema/inventory.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import type { PrometheusClient } from '../../../remediator/prometheus/prometheus-client.ts';
import { createHostLocks } from '../../../remediator/run/host-locks.ts';
import type { RunNews } from '../../../remediator/run/run-record.ts';
import type { Run } from '../../../remediator/run/run.ts';
import type { Journal } from '../../../remediator/store/journal.ts';
import { openSqliteJournal } from '../../../remediator/store/sqlite-journal.ts';
import { createWorker, type Worker } from '../../../remediator/worker.ts';
import type { makeAlert } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';
import { noSilences } from '../no-silences.ts';

/** What a command printed: nothing. */
export const output = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), truncated: false };
/** How commands of the tests end. */
export const succeeded: Outcome = { kind: 'succeeded', ...output };
/** A command whose end nobody has seen. */
export const unknown: Outcome = { kind: 'unknown', reason: 'connection lost', ...output };
/** A command that failed. */
export const failed: Outcome = { kind: 'failed', exitCode: 1, reason: 'exit code 1', ...output };

/** What the tests set. */
export interface World {
  /** Whether the rule's expression holds. */
  firing: boolean;
  guard: boolean;
  /** Whether the verification holds. */
  healthy: boolean;
  act: Outcome;
  undo: Outcome;
  /** Changes to the policy. */
  policy: object;
  /** What becomes of the inventory of the tests. */
  inventory: (inventory: Inventory) => Inventory;
  afterAct: (verb: string) => void;
  /** Is asked before Prometheus answers the rule's expression. */
  whileAsked: () => Promise<void>;
}

/** A worker on a real journal, whose Prometheus and host do what the test says. */
export interface ScriptedWorld {
  readonly world: World;
  readonly journal: Journal;
  readonly worker: Worker;
  /** What was sent to hosts, with the states that the open runs had then. */
  readonly sent: { readonly verb: string; readonly states: string[] }[];
  readonly news: RunNews[];
  /** Delivers alerts together, and resolves with the newest runs when nothing is being worked on. */
  deliver(...alerts: ReturnType<typeof makeAlert>[]): Promise<readonly Run[]>;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startScriptedWorld(): Promise<ScriptedWorld> {
  const folder = await createTempFolder('steward-pipeline');
  const journal = await openSqliteJournal(join(folder.path, 'journal.sqlite'), () => undefined);
  const sent: ScriptedWorld['sent'] = [];
  const news: RunNews[] = [];
  const world: World = {
    firing: true,
    guard: true,
    healthy: true,
    act: succeeded,
    undo: succeeded,
    policy: {},
    inventory: (inventory) => inventory,
    afterAct: () => undefined,
    whileAsked: () => Promise.resolve(),
  };
  const verify = { query: 'probe_success{instance="$target"} == 1', samples: 1, within: '1s' };
  const abort = new AbortController();
  const worker = createWorker(
    {
      journal,
      prometheus: scriptedPrometheus(world),
      refresh: () => Promise.resolve(),
      silences: noSilences,
      locks: createHostLocks(),
      hostOf: () => scriptedHost(world, journal, sent),
      inventory: () => world.inventory(makeInventory({ verify, guard: ['guard == 1'], ...world.policy })),
      signal: abort.signal,
    },
    pino({ level: 'silent' }),
    { onNews: (one) => news.push(one), onInterruption: () => undefined },
  );
  return {
    world,
    journal,
    worker,
    sent,
    news,
    async deliver(...alerts) {
      for (const id of await journal.accept(alerts, new Date())) worker.look(id);
      await worker.idle();
      return journal.runs(10);
    },
    async stop() {
      abort.abort();
      await worker.idle();
      await journal.close();
      await folder.remove();
    },
  };
}

function scriptedPrometheus(world: World): PrometheusClient {
  let seconds = 1000;
  const answer = (query: string): boolean | number => {
    if (query.startsWith('timestamp(')) return (seconds += 1);
    if (query.includes('steward_data_timestamp')) return false;
    if (query === 'drift') return world.firing;
    if (query.startsWith('guard')) return world.guard;
    if (query.startsWith('frozen')) return query.endsWith('== 1');
    return query.endsWith('== 0') ? !world.healthy : world.healthy;
  };
  return {
    async query(query) {
      if (query === 'drift') await world.whileAsked();
      const value = answer(query);
      const samples = ['blog', 'shop', 'web1', 'web2', 'web3'].map((instance) => ({
        labels: { instance },
        value: Number(value),
      }));
      return value === false ? [] : samples;
    },
    now: () => Promise.resolve(1000),
    alertingRules: () => Promise.resolve([{ name: 'Drift', query: 'drift', labels: {} }]),
  };
}

function scriptedHost(world: World, journal: Journal, sent: ScriptedWorld['sent']): Host {
  return {
    id: 'web1',
    kind: 'ssh',
    user: 'steward',
    async run({ argv }) {
      const runs = await journal.openRuns();
      sent.push({ verb: argv[0], states: runs.map(({ state }) => state) });
      if (/^(?:site-undo-permissions|site-activate-plugin|undo-custom-.*)$/.test(argv[0])) return world.undo;
      world.afterAct(argv[0]);
      return world.act;
    },
    readFile: () => Promise.reject(new Error('not asked for')),
    stat: () => Promise.reject(new Error('not asked for')),
    close: () => Promise.resolve(),
  };
}
