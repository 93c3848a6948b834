import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { explainUnheard } from '../../../remediator/answers/explain-unheard.ts';
import { explain, type Explanation } from '../../../remediator/answers/explain.ts';
import { reasonTexts } from '../../../remediator/decide/reason-texts.ts';
import { makeAlert } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';
import { failed, startScriptedWorld, type ScriptedWorld } from '../run/scripted-world.ts';

let scripted: ScriptedWorld;
beforeEach(async () => {
  scripted = await startScriptedWorld();
});
afterEach(() => scripted.stop());

async function explained(alert = makeAlert()): Promise<Explanation> {
  const [run] = await scripted.deliver(alert);
  if (run === undefined) throw new Error('there is no run');
  const policy = { guard: ['guard == 1'], ...scripted.world.policy };
  return explain(run, { journal: scripted.journal, inventory: () => makeInventory(policy) });
}

test('a run that a guard holds back tells its plan, which guard that is and what it returned', async () => {
  scripted.world.guard = false;
  expect(await explained()).toMatchObject({
    alert: 'Drift blog',
    plan: 'The policy fix would do wordpress.fix-permissions for blog on web1',
    then: 'A guard of the policy does not hold. (guard == 1 returns nothing)',
    guards: [],
    now: expect.stringContaining('if its guards hold'),
  });
});

test('a run that only observes tells what its guards returned', async () => {
  scripted.world.policy = { mode: 'observe' };
  const { guards, then } = await explained();
  expect(guards).toEqual([{ query: 'guard == 1', says: expect.stringContaining('1') }]);
  expect(then).toContain('only observes');
});

describe('until when it holds is told', () => {
  const iso = expect.stringMatching(/until 20\d\d-\d\d-\d\dT[\d:.]+Z/) as unknown;

  test('of a cooldown', async () => {
    await scripted.deliver(makeAlert());
    const later = makeAlert({}, { startsAt: '2026-03-01T13:00:00.000Z' });
    expect(await explained(later)).toMatchObject({ then: iso, now: iso });
  });

  test('of a pause, with who paused', async () => {
    const untilMs = Date.now() + 3_600_000;
    const since = new Date().toISOString();
    await scripted.journal.startPause({ since, untilMs, by: 'anna', reason: 'disks' });
    const { then } = await explained();
    expect(then).toContain(`Paused by anna since ${since}, until ${new Date(untilMs).toISOString()}: disks`);
  });

  test('of a freeze by PromQL, with what ends it, and when it is asked again', async () => {
    scripted.world.inventory = (inventory) => ({
      ...inventory,
      freezes: [{ name: 'market', promql: 'frozen == 1' }],
    });
    expect((await explained()).then).toMatch(
      /asked again each time .* once a minute\. \(market, until this no longer holds: frozen == 1\)/,
    );
  });

  test('of a mass failure: six hours at the most, and when it is counted again', () => {
    expect(reasonTexts.mass_failure).toMatch(/six hours at the most.* counted again .* once a minute/);
  });

  test('of a freeze', async () => {
    const to = Date.now() + 3_600_000;
    scripted.world.inventory = (inventory) => ({ ...inventory, freezes: [{ name: 'sale', from: 0, to }] });
    expect((await explained()).then).toContain(`(sale, until ${new Date(to).toISOString()})`);
  });
});

test('what was said of the reason stays when the alert ends', async () => {
  scripted.world.guard = false;
  await scripted.deliver(makeAlert());
  expect((await explained(makeAlert({}, { status: 'resolved' }))).then).toContain(
    'guard == 1 returns nothing',
  );
});

test.each([
  ['did', {}],
  ['was about to do', { act: { ...failed, exitCode: undefined } }],
])('a run that is over tells what it %s', async (verb, change) => {
  Object.assign(scripted.world, change);
  expect((await explained()).plan).toBe(`The policy fix ${verb} wordpress.fix-permissions for blog on web1`);
});

describe('an alert of which no run is kept', () => {
  const rule = { name: 'Drift', query: 'drifted > 0', labels: { severity: 'warning' } };
  const unheard = (alertname: string, instance?: string, series: readonly string[] = []) =>
    explainUnheard(
      { alertname, instance },
      { journal: scripted.journal, inventory: () => makeInventory() },
      {
        alertingRules: () => Promise.resolve([rule, { ...rule, name: 'Odd' }]),
        query: () => Promise.resolve(series.map((name) => ({ labels: { instance: name }, value: 1 }))),
      },
    );

  test('and that Prometheus sees has not been delivered; what would be done is told', async () => {
    expect(await unheard('Drift', undefined, ['blog'])).toMatchObject({
      run: null,
      alert: 'Drift blog',
      then: expect.stringContaining('has not delivered it'),
      now: expect.stringContaining('The policy fix would do wordpress.fix-permissions for blog'),
    });
    expect(await unheard('Odd', 'shop', ['blog', 'shop'])).toMatchObject({
      alert: 'Odd shop',
      now: expect.stringContaining('No policy matches'),
    });
  });

  test('and that Prometheus does not see now is told with its policy, or that it has none', async () => {
    expect(await unheard('Drift', 'shop', ['blog'])).toMatchObject({
      alert: 'Drift shop',
      then: expect.stringContaining('does not hold now'),
      now: 'The policy fix answers it: auto.',
    });
    expect(await unheard('Odd')).toMatchObject({ now: expect.stringContaining('No policy matches') });
  });

  test('and that has no rule is not known, which says where to look', async () => {
    expect(await unheard('Nothing')).toContain('`steward runs` lists the runs');
  });

  test('is not known where Prometheus cannot be asked, which is told', async () => {
    const prometheus = {
      alertingRules: () => Promise.reject(new Error('it is away')),
      query: () => Promise.resolve([]),
    };
    const known = { journal: scripted.journal, inventory: () => makeInventory() };
    expect(await explainUnheard({ alertname: 'Drift', instance: undefined }, known, prometheus)).toContain(
      'it is away',
    );
  });
});
