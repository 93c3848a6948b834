import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startFreqtradeDouble, type FreqtradeDouble } from '../../../lab/bot/freqtrade-double.ts';
import { startPostgres, type Postgres } from '../../../lab/parts/postgres.ts';
import { isForPeople } from '../../../remediator/notify/is-for-people.ts';
import type { RunNews } from '../../../remediator/run/run-record.ts';
import { startScriptedApi, type ScriptedApi } from '../../helpers/scripted-api.ts';
import type { ShownRun } from '../process/running-remediator.ts';
import { useStage } from '../process/stage.ts';
import { journalIn } from '../replicas/replica-stage.ts';
import type { PointKind } from './kill-point.ts';
import { planKills } from './plan-kills.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { runTrial, type Kill, type TrialEnd } from './trial.ts';

const stage = useStage();
const TIMEOUT_MS = 120_000;
/** `npm run crash-matrix -- --kills 200` asks for more. */
const KILLS = process.env['STEWARD_CRASH_KILLS'];

let postgres: Postgres;
let bot: FreqtradeDouble;
let receiver: ScriptedApi;
beforeAll(async () => {
  bot = await startFreqtradeDouble();
  receiver = await startScriptedApi();
  postgres = await startPostgres(join(stage.folder.path, 'postgres'));
});
afterAll(async () => {
  await bot.stop();
  await receiver.stop();
  await postgres.stop();
});

/** The engines, how each trial gets a journal of its own, and how many kills are enough for every day: a lease has to end after each on PostgreSQL. */
const engines = [
  { engine: 'sqlite', kills: 12, journal: () => Promise.resolve({}) },
  {
    engine: 'postgres',
    kills: 6,
    journal: async () =>
      journalIn(await postgres.createDatabase(`journal_${randomBytes(6).toString('hex')}`)),
  },
] as const;

/** What holds wherever a process is killed. */
function expectSound(
  { runs, calls, botState, told }: TrialEnd,
  { alerts, effects, outcomes }: Scenario,
  isRepeated: boolean,
): void {
  const fingerprints = new Set(runs.map(({ fingerprint }) => fingerprint));
  expect([...fingerprints].sort()).toEqual(alerts.map(({ fingerprint }) => fingerprint).sort());
  for (const run of runs) {
    const kinds = run.events.map(({ kind }) => kind);
    expect(told).toEqual(expect.arrayContaining(owedOf(run)));
    expect(run).toMatchObject({ state: 'closed', outcome: expect.any(String), reason: expect.any(String) });
    expect(kinds.filter((kind) => kind === 'finished')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'acting').length).toBeLessThanOrEqual(1);
  }
  // An undo may be sent again: it does nothing the second time. Nothing else may.
  const fixes = calls.filter((call) => !call.startsWith('site-undo-'));
  const acted = runs.filter(({ events }) => events.some(({ kind }) => kind === 'acting'));
  expect(new Set(fixes).size).toBe(fixes.length);
  expect(fixes.length).toBeLessThanOrEqual(acted.length);
  // Whatever was begun, nobody is left with a bot that opens no trades.
  expect(botState).toBe('running');
  if (!isRepeated) expect(runs).toHaveLength(outcomes.length);
  const [verb] = Object.keys(effects);
  if (fixes.some((fix) => fix.startsWith(`${verb} `)) && !calls.some((call) => call.startsWith('site-undo-')))
    expect(runs[0]?.outcome).toBe('verified');
}

/** What people are to have heard of a run, once at the least: each reason that it was held back for, and its end. */
function owedOf({ id, events }: ShownRun): unknown[] {
  return events
    .filter(
      ({ kind, data }) =>
        /^(?:blocked|finished)$/.test(kind) &&
        isForPeople({ plan: undefined, ...(data as Pick<RunNews, 'reason'>) }),
    )
    .map(({ kind, data }): unknown =>
      expect.objectContaining({
        reason: data['reason'],
        closed: kind === 'finished',
        run: expect.objectContaining({ id }),
      }),
    );
}

const nameOf = (kills: readonly Kill[], isRepeated: boolean) => {
  const points = kills.map(({ at, number, moment }) => `${moment} ${at} ${number}`).join(', then ');
  return `${points}, and told of the alert ${isRepeated ? 'by each process' : 'once'}`;
};

describe.each(engines)('on $engine', ({ journal, kills: usual }) => {
  describe.each(scenarios)('$name', (scenario) => {
    test(
      'writes, performs and tells as often as the matrix knows, where nothing is killed',
      async () => {
        const isRepeated = true;
        const end = await runTrial(stage, scenario, [], {
          journal: await journal(),
          bot,
          receiver,
          isRepeated,
        });
        const countOf = (kind: PointKind) => end.points.filter((point) => point === kind).length;
        expect([countOf('write'), countOf('perform'), countOf('tell')]).toEqual([
          scenario.writes,
          scenario.performs.length,
          scenario.tells,
        ]);
        expect(end.runs.map(({ outcome }) => outcome)).toEqual(scenario.outcomes);
        expectSound(end, scenario, isRepeated);
      },
      TIMEOUT_MS,
    );
  });

  const trials = planKills(scenarios, Number(KILLS ?? usual));
  test.each(trials.map((trial) => ({ ...trial, where: nameOf(trial.kills, trial.isRepeated) })))(
    '$scenario.name, killed $where',
    async ({ scenario, kills, isRepeated }) => {
      const end = await runTrial(stage, scenario, kills, {
        journal: await journal(),
        bot,
        receiver,
        isRepeated,
      });
      expect(end.kills).toBeGreaterThanOrEqual(1);
      expectSound(end, scenario, isRepeated);
    },
    TIMEOUT_MS,
  );
});
