import { beforeEach, describe, expect, test } from '@jest/globals';
import { makeAlert } from '../alerts.ts';
import { HOUR_MS, drift, later, useRestingWorld } from './resting-world.ts';

const { look, newest, rest, scripted, silences, told, verbs } = useRestingWorld();

describe('meanwhile', () => {
  test('the host is free for others, and no other run restarts the same bot', async () => {
    await rest();
    scripted().world.policy = {};
    const [other] = await scripted().deliver(makeAlert({}, { fingerprint: 'b2' }));
    expect(other).toMatchObject({ outcome: 'verified' });
    scripted().world.policy = { action: 'bot.restart', with: { hours: 1 } };
    const [same] = await scripted().deliver(makeAlert({ instance: 'trend' }, { fingerprint: 'c3' }));
    expect(same).toMatchObject({ state: 'waiting' });
    expect(told()).toEqual(['stop-entries']);
  });

  test('a restart of the remediator loses nothing, and the deadline stays', async () => {
    await rest();
    await scripted().restart();
    expect(await newest()).toMatchObject({ state: 'resting' });
    expect(told()).toEqual(['stop-entries']);
    later(HOUR_MS + 1);
    await scripted().restart();
    expect(await newest()).toMatchObject({ reason: 'trades_open' });
  });

  test('an alert that ends puts entries back, and nothing is restarted', async () => {
    await rest();
    scripted().world.bot.open = 0;
    const [run] = await scripted().deliver({ ...drift, status: 'resolved' });
    expect(run).toMatchObject({ state: 'closed', outcome: 'rolled_back', reason: 'alert_resolved' });
    expect(told()).toEqual(['stop-entries', 'resume-entries']);
    expect(verbs()).toEqual([]);
  });

  test('a pause holds the restart back until the deadline, and not what puts entries back', async () => {
    await rest();
    scripted().world.bot.open = 0;
    const since = new Date().toISOString();
    await scripted().journal.startPause({ since, untilMs: undefined, by: 'me', reason: '' });
    expect(await look()).toMatchObject({ state: 'resting' });
    later(HOUR_MS + 1);
    expect(await look()).toMatchObject({ state: 'closed', outcome: 'rolled_back', reason: 'held_back' });
    expect(scripted().news.at(-1)).toMatchObject({ detail: 'paused' });
    expect(told()).toEqual(['stop-entries', 'resume-entries']);
    expect(verbs()).toEqual([]);
  });

  test.each([
    ['a guard', () => (scripted().world.guard = false), 'guard_failed'],
    ['that Prometheus does not see it any more', () => (scripted().world.firing = false), 'not_corroborated'],
    [
      'a policy that only observes',
      () => (scripted().world.policy = { ...scripted().world.policy, mode: 'observe' }),
      'mode_observe',
    ],
  ])('%s holds the restart back', async (_what, happen, detail) => {
    await rest();
    scripted().world.bot.open = 0;
    happen();
    expect(await look()).toMatchObject({ state: 'resting' });
    later(HOUR_MS + 1);
    expect(await look()).toMatchObject({ reason: 'held_back' });
    expect(scripted().news.at(-1)).toMatchObject({ detail });
  });

  test('people are not told of the alert; once it has gone on for a while, and until it ends', async () => {
    await scripted().deliver(drift);
    expect(silences.set).not.toHaveBeenCalled();
    later(31_000);
    await look();
    await look();
    expect(silences.set).toHaveBeenCalledTimes(1);
    const [, until] = silences.set.mock.calls[0] ?? [];
    // The wait itself, the restart, its second wait, what the bot is told, the proof and an undo.
    expect(Number(until) - Date.now()).toBeGreaterThan(HOUR_MS + 120_000 + 300_000);
    await scripted().restart();
    expect(silences.set).toHaveBeenCalledTimes(1);
    later(HOUR_MS + 1);
    await look();
    expect(silences.lift.mock.calls).toEqual([['s1']]);
  });

  test('a silence that cannot be set is not tried again and again', async () => {
    silences.set.mockResolvedValue(undefined);
    await scripted().deliver(drift);
    later(31_000);
    await look();
    await look();
    expect(silences.set).toHaveBeenCalledTimes(1);
  });
});

describe('what was begun is ended', () => {
  beforeEach(async () => {
    await rest();
    scripted().world.bot.open = 0;
    scripted().world.afterAct = () => (scripted().world.bot.state = 'starts');
    await look();
    expect(verbs()).toHaveLength(1);
  });

  test('where the alert ends, or a pause comes, after the restart', async () => {
    const since = new Date().toISOString();
    await scripted().journal.startPause({ since, untilMs: undefined, by: 'me', reason: '' });
    await scripted().deliver({ ...drift, status: 'resolved' });
    scripted().world.bot.state = 'stopped';
    expect(await look()).toMatchObject({ outcome: 'verified' });
    expect(told()).toEqual(['stop-entries', 'start']);
  });

  test('or people are told, where the bot does not come back', async () => {
    later(6000 + 301_000);
    expect(await look()).toMatchObject({ outcome: 'failed', reason: 'bot_not_ready' });
    expect(verbs()).toHaveLength(1);
  });
});

describe('a remediator that was lost', () => {
  /** As it would stand in the journal. */
  async function left(step: number): Promise<void> {
    await rest();
    const { id } = await newest();
    const event = { at: new Date().toISOString(), kind: 'step', data: { step } } as const;
    await scripted().journal.append(id, step === 0 ? [] : [event], { state: 'acting' });
    await scripted().restart();
  }

  test('while it told the bot something tells it again', async () => {
    await left(0);
    expect(told()).toEqual(['stop-entries', 'stop-entries']);
    expect(await newest()).toMatchObject({ state: 'resting' });
  });

  test('while the service was restarted does not restart it again, and goes on', async () => {
    await left(2);
    expect(await look()).toMatchObject({ outcome: 'verified' });
    expect(verbs()).toEqual([]);
    expect(told()).toEqual(['stop-entries', 'start']);
  });

  test('while it gave up gives up again', async () => {
    await rest();
    const { id } = await newest();
    const data = { cause: 'given_up', reason: 'trades_open', detail: '2' };
    const event = { at: new Date().toISOString(), kind: 'undoing', data } as const;
    await scripted().journal.append(id, [event], { state: 'undoing' });
    await scripted().restart();
    expect(await newest()).toMatchObject({ outcome: 'rolled_back', reason: 'trades_open' });
  });
});
