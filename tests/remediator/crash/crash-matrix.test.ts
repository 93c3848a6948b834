import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startFreqtradeDouble, type FreqtradeDouble } from '../../../lab/bot/freqtrade-double.ts';
import { startPostgres, type Postgres } from '../../../lab/parts/postgres.ts';
import { useStage } from '../process/stage.ts';
import { journalIn } from '../replicas/replica-stage.ts';
import { planKills } from './plan-kills.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { runTrial, type Kill, type TrialEnd } from './trial.ts';

const stage = useStage();
const TIMEOUT_MS = 120_000;
/** `npm run crash-matrix -- --kills 200` asks for more. */
const KILLS = process.env['STEWARD_CRASH_KILLS'];

let postgres: Postgres;
let bot: FreqtradeDouble;
beforeAll(async () => {
  bot = await startFreqtradeDouble();
  postgres = await startPostgres(join(stage.folder.path, 'postgres'));
});
afterAll(async () => {
  await bot.stop();
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
  { runs, calls, botState }: TrialEnd,
  { alerts, effects, outcomes, isToldOnce }: Scenario,
): void {
  const fingerprints = new Set(runs.map(({ fingerprint }) => fingerprint));
  expect([...fingerprints].sort()).toEqual(alerts.map(({ fingerprint }) => fingerprint).sort());
  for (const run of runs) {
    const kinds = run.events.map(({ kind }) => kind);
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
  if (isToldOnce === true) expect(runs).toHaveLength(outcomes.length);
  const [verb] = Object.keys(effects);
  if (fixes.some((fix) => fix.startsWith(`${verb} `)) && !calls.some((call) => call.startsWith('site-undo-')))
    expect(runs[0]?.outcome).toBe('verified');
}

const nameOf = (kills: readonly Kill[]) =>
  kills.map(({ write, moment }) => `${moment} write ${write}`).join(', then ');

describe.each(engines)('on $engine', ({ journal, kills: usual }) => {
  describe.each(scenarios)('$name', (scenario) => {
    test(
      'writes to the journal as often as the matrix knows, where nothing is killed',
      async () => {
        const end = await runTrial(stage, scenario, [], await journal(), bot);
        expect(end.writes).toHaveLength(scenario.writes);
        expect(end.runs.map(({ outcome }) => outcome)).toEqual(scenario.outcomes);
        expectSound(end, scenario);
      },
      TIMEOUT_MS,
    );
  });

  const trials = planKills(scenarios, Number(KILLS ?? usual));
  test.each(trials.map((trial) => ({ ...trial, where: nameOf(trial.kills) })))(
    '$scenario.name, killed $where',
    async ({ scenario, kills }) => {
      const end = await runTrial(stage, scenario, kills, await journal(), bot);
      expect(end.kills).toBeGreaterThanOrEqual(1);
      expectSound(end, scenario);
    },
    TIMEOUT_MS,
  );
});
