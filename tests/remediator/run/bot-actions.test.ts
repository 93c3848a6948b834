import { describe, expect, test } from '@jest/globals';
import type { Run } from '../../../remediator/run/run.ts';
import { HOUR_MS, drift, later, useRestingWorld } from './resting-world.ts';
import { failed, unknown } from './scripted-world.ts';

const { look, rest, scripted, told, verbs } = useRestingWorld();

const steps = ({ events }: Run) =>
  events
    .map(({ kind, data }) =>
      [kind, ...[data['step'] ?? data['reason']].filter(Boolean).map(String)].join(' '),
    )
    .slice(5);

describe('a graceful restart', () => {
  test('stops entries, waits until no trade is open, restarts, waits until the bot has started, and has it trade', async () => {
    await rest();
    expect(await look()).toMatchObject({ state: 'resting' });
    expect(verbs()).toEqual([]);
    scripted().world.bot.open = 0;
    scripted().world.afterAct = () => (scripted().world.bot.state = 'starts');
    expect(await look()).toMatchObject({ state: 'resting' });
    expect(verbs()).toEqual(['service-restart nginx']);
    expect(await look()).toMatchObject({ state: 'resting' });
    scripted().world.bot.state = 'stopped';
    const run = await look();
    expect(run).toMatchObject({ state: 'closed', outcome: 'verified' });
    expect(told()).toEqual(['stop-entries', 'start']);
    expect(verbs()).toHaveLength(1);
    const firstHalf = ['acting', 'acted', 'resting 1', 'waited 1', 'step 2', 'acted'];
    const secondHalf = [
      'resting 3',
      'waited 3',
      'step 4',
      'acted',
      'verifying',
      'verified',
      'finished verified',
    ];
    expect(steps(run)).toEqual([...firstHalf, ...secondHalf]);
  });

  test('does not believe a bot that says at once that no trade is open', async () => {
    scripted().world.bot.open = 0;
    await scripted().deliver(drift);
    expect(await look()).toMatchObject({ state: 'resting' });
    later(6000);
    await look();
    expect(verbs()).toHaveLength(1);
  });

  test('never takes an answer that cannot be read for no open trade', async () => {
    await rest();
    scripted().world.bot.open = undefined;
    expect(await look()).toMatchObject({ state: 'resting' });
    later(HOUR_MS + 1);
    expect(await look()).toMatchObject({
      state: 'closed',
      outcome: 'rolled_back',
      reason: 'bot_unreachable',
    });
    expect(verbs()).toEqual([]);
  });

  test.each(['trades', 'stopped'] as const)(
    'leaves a bot alone of which somebody else decided meanwhile that it %s',
    async (state) => {
      await rest();
      scripted().world.bot.open = 0;
      scripted().world.bot.state = state;
      expect(await look()).toMatchObject({ state: 'resting' });
      later(HOUR_MS + 1);
      expect(await look()).toMatchObject({ outcome: 'rolled_back', reason: 'bot_not_trading' });
      expect(scripted().news.at(-1)).toMatchObject({ detail: `its state: ${state}` });
      expect(verbs()).toEqual([]);
    },
  );
});

describe('at the deadline with trades open', () => {
  test('nothing is restarted, the bot opens trades again, and people are asked', async () => {
    await rest();
    later(HOUR_MS + 1);
    const run = await look();
    expect(run).toMatchObject({ state: 'closed', outcome: 'rolled_back', reason: 'trades_open' });
    expect(told()).toEqual(['stop-entries', 'resume-entries']);
    expect(verbs()).toEqual([]);
    expect(scripted().news.at(-1)).toMatchObject({
      isClosed: true,
      reason: 'trades_open',
      detail: 'open trades: 2',
    });
    later(5 * HOUR_MS);
    expect(await scripted().deliver(drift)).toHaveLength(1);
    expect(told()).toHaveLength(2);
  });

  test('a bot that cannot be told so is left to people', async () => {
    scripted().world.bot.refuses = ['resume-entries'];
    await rest();
    later(HOUR_MS + 1);
    expect(await look()).toMatchObject({ outcome: 'failed', reason: 'undo_failed' });
  });
});

describe('nothing is begun', () => {
  test.each(['opens_none', 'stopped', 'starts'] as const)('with a bot that %s', async (state) => {
    scripted().world.bot.state = state;
    expect(await scripted().deliver(drift)).toMatchObject([
      { state: 'waiting', outcome: 'blocked', reason: 'bot_not_trading' },
    ]);
    expect(told()).toEqual([]);
  });

  test('with a bot whose service steward.yml does not name', async () => {
    scripted().world.inventory = (inventory) => {
      const { trend } = inventory.bots;
      if (trend === undefined) throw new Error('there is no bot');
      return { ...inventory, bots: { trend: { ...trend, service: undefined } } };
    };
    expect(await scripted().deliver(drift)).toMatchObject([{ reason: 'parameter_not_allowed' }]);
  });
});

describe('a step that fails', () => {
  test('is put back where the bot does not say that it stops entries', async () => {
    scripted().world.bot.refuses = ['stop-entries'];
    expect(await scripted().deliver(drift)).toMatchObject([
      { outcome: 'rolled_back', reason: 'action_failed' },
    ]);
    expect(told()).toEqual(['stop-entries', 'resume-entries']);
  });

  test('is put back where the service could not be restarted', async () => {
    scripted().world.act = failed;
    await rest();
    scripted().world.bot.open = 0;
    expect(await look()).toMatchObject({ outcome: 'rolled_back', reason: 'action_failed' });
    expect(told()).toEqual(['stop-entries', 'resume-entries']);
  });

  test('with an unknown end is followed by what looks at it', async () => {
    scripted().world.act = unknown;
    await rest();
    scripted().world.bot.open = 0;
    await look();
    expect(await look()).toMatchObject({ outcome: 'verified' });
    expect(told()).toEqual(['stop-entries', 'start']);
    expect(verbs()).toHaveLength(1);
  });

  test('to trade again is tried once more, and then left to people', async () => {
    scripted().world.bot.refuses = ['start', 'resume-entries'];
    await rest();
    scripted().world.bot.open = 0;
    await look();
    expect(await look()).toMatchObject({ outcome: 'failed', reason: 'undo_failed' });
  });
});

test.each([
  ['bot.pause', 'trades', ['stop-entries']],
  ['bot.resume', 'stopped', ['start']],
] as const)('%s tells the bot one thing', async (action, state, expected) => {
  scripted().world.policy = { action };
  scripted().world.bot.state = state;
  expect(await scripted().deliver(drift)).toMatchObject([{ outcome: 'verified' }]);
  expect(told()).toEqual(expected);
});

test('bot.reload waits until the bot has read its configuration, and has it trade', async () => {
  scripted().world.policy = { action: 'bot.reload' };
  await scripted().deliver(drift);
  expect(await look()).toMatchObject({ state: 'resting' });
  scripted().world.bot.state = 'stopped';
  expect(await look()).toMatchObject({ outcome: 'verified' });
  expect(told()).toEqual(['reload', 'start']);
});
