import { describe, expect, test } from '@jest/globals';
import { useStage } from '../process/stage.ts';
import { planKills } from './plan-kills.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { runTrial, type Kill, type TrialEnd } from './trial.ts';

const stage = useStage();
const TIMEOUT_MS = 120_000;
/** `npm run crash-matrix -- --kills 200` asks for more. */
const KILLS = Number(process.env['STEWARD_CRASH_KILLS'] ?? '12');

/** What holds wherever a process is killed. */
function expectSound({ runs, calls }: TrialEnd, { alerts, effects }: Scenario): void {
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
  const [verb] = Object.keys(effects);
  if (fixes.some((fix) => fix.startsWith(`${verb} `)) && !calls.some((call) => call.startsWith('site-undo-')))
    expect(runs[0]?.outcome).toBe('verified');
}

describe.each(scenarios)('$name', (scenario) => {
  test(
    'writes to the journal as often as the matrix knows, where nothing is killed',
    async () => {
      const end = await runTrial(stage, scenario, []);
      expect(end.writes).toHaveLength(scenario.writes);
      expect(end.runs.map(({ outcome }) => outcome)).toEqual(scenario.outcomes);
      expectSound(end, scenario);
    },
    TIMEOUT_MS,
  );
});

const nameOf = (kills: readonly Kill[]) =>
  kills.map(({ write, moment }) => `${moment} write ${write}`).join(', then ');

test.each(planKills(scenarios, KILLS).map((trial) => ({ ...trial, where: nameOf(trial.kills) })))(
  '$scenario.name, killed $where',
  async ({ scenario, kills }) => {
    const end = await runTrial(stage, scenario, kills);
    expect(end.kills).toBeGreaterThanOrEqual(1);
    expectSound(end, scenario);
  },
  TIMEOUT_MS,
);
