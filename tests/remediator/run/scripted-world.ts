import { join } from 'node:path';
import { pino } from 'pino';
import { ApiError } from '../../../apis/api-error.ts';
import type { Host, Outcome } from '../../../hosts/host.ts';
import type { Inventory } from '../../../inventory/schema/inventory.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import type { BotCall } from '../../../remediator/actions/action.ts';
import type { ActingBot, BotState } from '../../../remediator/bots/freqtrade-bot.ts';
import type { PrometheusClient } from '../../../remediator/prometheus/prometheus-client.ts';
import { createHostLocks, type HostLocks } from '../../../remediator/run/host-locks.ts';
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
/** A command that was not begun, since an earlier one is still at work on the host. */
export const busy: Outcome = { kind: 'failed', exitCode: 75, reason: 'exit code 75', ...output };
/** A command that failed. */
export const failed: Outcome = { kind: 'failed', exitCode: 1, reason: 'exit code 1', ...output };

/** A bot that says what the test says. */
export interface ScriptedBot {
  state: BotState;
  /** Its open trades; without a number, its answer cannot be read. */
  open: number | undefined;
  /** What it fails to do when it is told. */
  refuses: readonly BotCall[];
  readonly told: BotCall[];
}

/** What the tests set. */
export interface World {
  /** What Prometheus has series of. */
  instances: readonly string[];
  /** Whether the rule's expression holds. */
  firing: boolean;
  guard: boolean;
  /** Whether the verification holds. */
  healthy: boolean;
  act: Outcome;
  undo: Outcome;
  /** How many runs may be at work at once. */
  maxRuns: number;
  /** Changes to the policy. */
  policy: object;
  /** What becomes of the inventory of the tests. */
  inventory: (inventory: Inventory) => Inventory;
  afterAct: (verb: string) => void;
  /** Is waited for while a command runs. */
  whileActing: () => Promise<void>;
  readonly bot: ScriptedBot;
  /** Is asked before Prometheus answers the rule's expression. */
  whileAsked: () => Promise<void>;
}

/** A worker on a real journal, whose Prometheus and host do what the test says. */
export interface ScriptedWorld {
  readonly world: World;
  readonly journal: Journal;
  readonly worker: Worker;
  /** Those of the worker. */
  readonly locks: HostLocks;
  /** What was sent to hosts, with the states that the open runs had then. */
  readonly sent: { readonly verb: string; readonly slots: readonly string[]; readonly states: string[] }[];
  readonly news: RunNews[];
  /** What was logged, line by line. */
  readonly logged: string[];
  /** Delivers alerts together, and resolves with the newest runs when nothing is being worked on. */
  deliver(...alerts: ReturnType<typeof makeAlert>[]): Promise<readonly Run[]>;
  /** Ends the worker, and starts another on the same journal, which takes up what is open. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one. */
export async function startScriptedWorld(silences = noSilences): Promise<ScriptedWorld> {
  const folder = await createTempFolder('steward-pipeline');
  const journal = await openSqliteJournal(join(folder.path, 'journal.sqlite'), () => undefined);
  const sent: ScriptedWorld['sent'] = [];
  const news: RunNews[] = [];
  const logged: string[] = [];
  const world: World = {
    instances: ['blog', 'shop', 'trend', 'web1', 'web2', 'web3'],
    firing: true,
    guard: true,
    healthy: true,
    act: succeeded,
    undo: succeeded,
    maxRuns: 4,
    policy: {},
    inventory: (inventory) => inventory,
    afterAct: () => undefined,
    whileActing: () => Promise.resolve(),
    whileAsked: () => Promise.resolve(),
    bot: { state: 'trades', open: 0, refuses: [], told: [] },
  };
  const verify = { query: 'probe_success{instance="$target"} == 1', samples: 1, within: '1s' };
  const inventory = () => world.inventory(makeInventory({ verify, guard: ['guard == 1'], ...world.policy }));
  const startWorker = () => {
    const abort = new AbortController();
    const locks = createHostLocks(() => world.maxRuns);
    const prometheus = scriptedPrometheus(world);
    const dependencies = {
      journal,
      prometheus,
      sharedPrometheus: prometheus,
      refresh: () => Promise.resolve(),
      silences,
      locks,
      hostOf: () => scriptedHost(world, journal, sent),
      botOf: () => scriptedBot(world.bot),
      inventory,
      signal: abort.signal,
    };
    const listeners = { onNews: (one: RunNews) => news.push(one), onInterruption: () => undefined };
    return {
      abort,
      locks,
      worker: createWorker(
        dependencies,
        pino({}, { write: (line: string) => void logged.push(line) }),
        listeners,
      ),
    };
  };
  let process = startWorker();
  const end = async () => {
    process.abort.abort();
    await process.worker.idle();
  };
  return {
    world,
    journal,
    sent,
    news,
    logged,
    get worker() {
      return process.worker;
    },
    get locks() {
      return process.locks;
    },
    async deliver(...alerts) {
      for (const id of await journal.accept(alerts, new Date())) process.worker.look(id);
      await process.worker.idle();
      return journal.runs(10);
    },
    async restart() {
      await end();
      process = startWorker();
      await process.worker.resume();
      await process.worker.idle();
    },
    async stop() {
      await end();
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
    if (query.startsWith('frozen')) return !query.endsWith('== 2');
    if (query.startsWith('gone')) return false;
    return query.endsWith('== 0') ? !world.healthy : world.healthy;
  };
  return {
    async query(query) {
      if (query === 'drift') await world.whileAsked();
      const value = answer(query);
      const samples = world.instances.map((instance) => ({
        labels: { instance },
        value: Number(value),
      }));
      return value === false ? [] : samples;
    },
    now: () => Promise.resolve(1000),
    alertingRules: () => Promise.resolve([{ name: 'Drift', query: 'drift', labels: {} }]),
  };
}

const statesAfter: Readonly<Record<BotCall, BotState>> = {
  'stop-entries': 'opens_none',
  'resume-entries': 'trades',
  start: 'trades',
  reload: 'starts',
};

function scriptedBot(bot: ScriptedBot): ActingBot {
  return {
    state: () => Promise.resolve(bot.state),
    openTrades: () =>
      bot.open === undefined
        ? Promise.reject(new ApiError('bad_answer', 'status: not the documented shape'))
        : Promise.resolve(bot.open),
    tell(call) {
      bot.told.push(call);
      if (bot.refuses.includes(call)) return Promise.reject(new ApiError('timeout', `${call} hangs`));
      bot.state = statesAfter[call];
      return Promise.resolve();
    },
  };
}

function scriptedHost(world: World, journal: Journal, sent: ScriptedWorld['sent']): Host {
  return {
    id: 'web1',
    kind: 'ssh',
    user: 'steward',
    async run({ argv }) {
      const runs = await journal.openRuns();
      sent.push({ verb: argv[0], slots: argv.slice(1), states: runs.map(({ state }) => state) });
      const isUndo = /^(?:site-undo-permissions|site-activate-plugin|undo-custom-.*)$/.test(argv[0]);
      const { act, undo } = world;
      if (!isUndo) await world.whileActing();
      world.afterAct(argv[0]);
      return isUndo ? undo : act;
    },
    readFile: () => Promise.reject(new Error('not asked for')),
    stat: () => Promise.reject(new Error('not asked for')),
    close: () => Promise.resolve(),
  };
}
