import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { planHash } from '../../../remediator/decide/approval.ts';
import type { Run } from '../../../remediator/run/run.ts';
import { makeAlert } from '../alerts.ts';
import { HOUR_MS, drift, later, useRestingWorld } from './resting-world.ts';

const { look, newest, rest, scripted, silences, told, verbs } = useRestingWorld();

const planHashOf = ({ plan }: Run): string => {
  if (plan === undefined) throw new Error('the run has no plan');
  return planHash(plan);
};

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

  /** A third host, and then alerts of all three that page people. */
  async function failTogether(): Promise<void> {
    scripted().world.inventory = (inventory) => {
      const { web2 } = inventory.hosts;
      return web2 === undefined ? inventory : { ...inventory, hosts: { ...inventory.hosts, web3: web2 } };
    };
    const alerts = ['web1', 'web2', 'web3'].map((instance, index) =>
      makeAlert({ alertname: 'Unanswered', severity: 'page', instance }, { fingerprint: `f${index}` }),
    );
    await scripted().journal.accept(alerts, new Date());
  }

  test('a mass failure holds the restart back, until somebody says to go on', async () => {
    await rest();
    const { id } = await newest();
    scripted().world.bot.open = 0;
    await failTogether();
    scripted().worker.look(id);
    await scripted().worker.idle();
    expect(await scripted().journal.run(id)).toMatchObject({ state: 'resting' });
    expect(verbs()).toEqual([]);
    await scripted().journal.endPause(new Date(Date.now() + 1000), 'me');
    scripted().worker.look(id);
    await scripted().worker.idle();
    expect(verbs()).toEqual(['service-restart nginx']);
  });

  test('people hear of the alert as of any other, and of its end', async () => {
    await scripted().deliver(drift);
    for (const seconds of [31, 70]) {
      later(seconds * 1000);
      await look();
    }
    scripted().world.bot.open = 0;
    scripted().world.afterAct = () => (scripted().world.bot.state = 'starts');
    await look();
    later(200_000);
    expect(await look()).toMatchObject({ state: 'resting' });
    scripted().world.bot.state = 'stopped';
    expect(await look()).toMatchObject({ outcome: 'verified' });
    expect(silences.set).not.toHaveBeenCalled();
  });

  test('a person may say no, and what was begun is put back', async () => {
    await rest();
    const run = await newest();
    const answer = { answer: 'deny', plan: planHashOf(run), by: 'me' } as const;
    expect(await scripted().journal.answer(run.id, { ...answer, answer: 'approve' }, new Date())).toContain(
      'resting',
    );
    expect(await scripted().journal.answer(run.id, answer, new Date())).toBeUndefined();
    expect(await look()).toMatchObject({ state: 'closed', outcome: 'rolled_back', reason: 'denied' });
    expect(told()).toEqual(['stop-entries', 'resume-entries']);
  });
});

describe('while the host is another run’s', () => {
  /** Has the run look and find that it can go on, lets something happen while it waits for the host, and frees that. */
  async function whileHostIsHeld(happen: () => Promise<unknown>): Promise<Run> {
    await rest();
    scripted().world.bot.open = 0;
    const { id } = await newest();
    const { locks, worker } = scripted();
    const { promise: freed, resolve: free } = Promise.withResolvers<undefined>();
    const other = locks.hold('web1', () => freed);
    const hold = locks.hold.bind(locks);
    const isWaiting = new Promise<void>((resolve) => {
      jest.spyOn(locks, 'hold').mockImplementationOnce((host, work) => {
        resolve();
        return hold(host, work);
      });
    });
    worker.look(id);
    await isWaiting;
    await happen();
    free(undefined);
    await other;
    await worker.idle();
    return newest();
  }

  test('a person who says no is heard, and nothing is restarted', async () => {
    const run = await whileHostIsHeld(async () => {
      const now = await newest();
      const answer = { answer: 'deny', plan: planHashOf(now), by: 'me' } as const;
      expect(await scripted().journal.answer(now.id, answer, new Date())).toBeUndefined();
    });
    expect(run).toMatchObject({ state: 'closed', outcome: 'rolled_back', reason: 'denied' });
    expect(told()).toEqual(['stop-entries', 'resume-entries']);
    expect(verbs()).toEqual([]);
  });

  test('a guard that fails meanwhile holds the restart back', async () => {
    const run = await whileHostIsHeld(() => Promise.resolve((scripted().world.guard = false)));
    expect(run).toMatchObject({ state: 'resting' });
    expect(verbs()).toEqual([]);
    scripted().world.guard = true;
    scripted().world.afterAct = () => (scripted().world.bot.state = 'starts');
    await look();
    expect(verbs()).toHaveLength(1);
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

describe('what ends soon after its beginning', () => {
  beforeEach(async () => {
    await rest();
    scripted().world.bot.open = 0;
    scripted().world.afterAct = () => (scripted().world.bot.state = 'starts');
    await look();
    later(31_000);
  });

  test('is silenced after a while, once and for as long as what is left may take, and until it ends', async () => {
    await look();
    await look();
    expect(silences.set).toHaveBeenCalledTimes(1);
    const [, until] = silences.set.mock.calls[0] ?? [];
    // The wait for the bot, what it is told, an undo, and the proof.
    const left = 300_000 + 60_000 + 60_000 + 1000 + 60_000;
    expect(Math.abs(Number(until) - Date.now() - left)).toBeLessThan(5000);
    await scripted().restart();
    expect(silences.set).toHaveBeenCalledTimes(1);
    scripted().world.bot.state = 'trades';
    expect(await look()).toMatchObject({ outcome: 'verified' });
    expect(silences.lift.mock.calls).toEqual([['s1', (await newest()).id]]);
  });

  test('is not silenced again and again where that fails', async () => {
    silences.set.mockResolvedValue(undefined);
    await look();
    await look();
    expect(silences.set).toHaveBeenCalledTimes(1);
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
