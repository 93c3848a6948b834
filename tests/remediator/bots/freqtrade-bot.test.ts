import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFreqtradeClient } from '../../../apis/freqtrade-client.ts';
import { Secret } from '../../../inventory/secret.ts';
import {
  FREQTRADE_LOGIN,
  refusal,
  startFreqtradeDouble,
  type FreqtradeDouble,
} from '../../../lab/bot/freqtrade-double.ts';
import { createFreqtradeBot, type ActingBot } from '../../../remediator/bots/freqtrade-bot.ts';

let double: FreqtradeDouble;
let bot: ActingBot;
beforeEach(async () => {
  double = await startFreqtradeDouble();
  bot = connect(FREQTRADE_LOGIN.password);
});
afterEach(() => double.stop());

function connect(password: string): ActingBot {
  const readPassword = () => Promise.resolve(new Secret(password));
  return createFreqtradeBot(
    createFreqtradeClient({ url: double.url, username: FREQTRADE_LOGIN.username, readPassword }),
  );
}

const soon = () => AbortSignal.timeout(5000);
const late = () => AbortSignal.timeout(300);
const say = (change: object) =>
  double.answers.set('show_config', { ...(double.answers.get('show_config') as object), ...change });
const state = () => bot.state(soon());

describe.each([
  ['a bot', false],
  ['an older bot', true],
])('%s', (_what, isOlder) => {
  beforeEach(() => {
    double.control.isOlder = isOlder;
  });

  test('opens no trades, until it is told to again', async () => {
    expect(await state()).toBe('trades');
    await bot.tell('stop-entries', soon());
    expect(await state()).toBe('opens_none');
    await bot.tell('resume-entries', soon());
    expect(await state()).toBe('trades');
    expect(double.control.told).toEqual(isOlder ? ['stopbuy', 'reload_config'] : ['stopbuy', 'start']);
  });

  test('is told nothing where it is so already', async () => {
    await bot.tell('resume-entries', soon());
    await bot.tell('start', soon());
    expect(double.control.told).toEqual([]);
    await bot.tell('stop-entries', soon());
    await bot.tell('stop-entries', soon());
    expect(double.control.told).toEqual(['stopbuy']);
  });

  test('trades again also where its configuration has it begin stopped', async () => {
    double.control.initialState = 'stopped';
    await bot.tell('stop-entries', soon());
    await bot.tell('resume-entries', soon());
    expect(await state()).toBe('trades');
  });

  test('that somebody has stopped is not started by what stops or resumes entries', async () => {
    say({ state: 'stopped' });
    await expect(bot.tell('stop-entries', soon())).rejects.toMatchObject({ reason: 'refused' });
    await bot.tell('resume-entries', soon());
    expect(double.control.told).toEqual([]);
    await bot.tell('start', soon());
    expect(await state()).toBe('trades');
  });

  test('reads its configuration again', async () => {
    double.control.initialState = 'stopped';
    await bot.tell('reload', soon());
    expect(double.control.told).toEqual(['reload_config']);
    await bot.tell('start', soon());
    expect(await state()).toBe('trades');
  });
});

test('its open trades are counted', async () => {
  expect(await bot.openTrades(soon())).toBe(2);
  double.answers.set('status', []);
  expect(await bot.openTrades(soon())).toBe(0);
});

describe('an answer that is none', () => {
  const endless = (response: ServerResponse) => {
    response.writeHead(200);
    const write = (): void => {
      while (response.write('['.repeat(1024 * 1024)));
      response.once('drain', write);
    };
    write();
  };

  test.each<[what: string, answer: unknown]>([
    ['null', null],
    ['no list', {}],
    ['a text', '[]'],
    ['a list of nothing', [null]],
    ['a number', 0],
    ['a failure that looks like one', { error: 'no active trade' }],
  ])('such as %s is never "no trade is open"', async (_what, answer) => {
    double.answers.set('status', answer);
    await expect(bot.openTrades(soon())).rejects.toMatchObject({ reason: 'bad_answer' });
  });

  test.each<[what: string, fault: (response: ServerResponse) => void, reason: string]>([
    ['a page', (response) => void response.end('<html></html>'), 'bad_answer'],
    ['one without end', endless, 'bad_answer'],
    ['a refusal', refusal('status', 'Bot is not in the correct state.'), 'refused'],
    ['nothing', (response) => void response.destroy(), 'unreachable'],
    ['none at all', () => undefined, 'timeout'],
  ])('such as %s is never "no trade is open"', async (_what, fault, reason) => {
    double.answers.set('status', []);
    double.faults.set('status', fault);
    await expect(bot.openTrades(late())).rejects.toMatchObject({ reason });
  });

  test.each([null, 'RUNNING', '', 1])('such as the state %j is no state', async (said) => {
    say({ state: said });
    await expect(state()).rejects.toMatchObject({ reason: 'bad_answer' });
  });
});

test('a bot that only says that it stops entries is not believed', async () => {
  double.faults.set('stopbuy', (response) => void response.end('{"status": "paused"}'));
  await expect(bot.tell('stop-entries', soon())).rejects.toMatchObject({ reason: 'bad_answer' });
});

test('a bot that never says that it trades again is waited for as long as it has time', async () => {
  say({ state: 'reload_config' });
  await expect(bot.tell('start', late())).rejects.toMatchObject({ reason: 'timeout' });
});

test('a wrong password tells nothing', async () => {
  await expect(connect('wrong').tell('stop-entries', soon())).rejects.toMatchObject({ reason: 'login' });
  expect(double.control.told).toEqual([]);
});
