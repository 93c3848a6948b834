import { readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NoDataError } from '../../../exporter/collector.ts';
import { createFreqtradeCollectors } from '../../../exporter/collectors/freqtrade/freqtrade.ts';
import { message } from '../../../lab/bot/freqtrade-answers.ts';
import { startFreqtradeDouble, type FreqtradeDouble } from '../../../lab/bot/freqtrade-double.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { botTarget, readSeries } from './read-bot.ts';

const FILE = 'messages-trend.json';
const START_MS = 1_795_426_300_000;

let bot: FreqtradeDouble;
let folder: TempFolder;
beforeEach(async () => {
  bot = await startFreqtradeDouble();
  folder = await createTempFolder('steward-messages');
});
afterEach(async () => {
  await bot.stop();
  await folder.remove();
});

/** An exporter that was just started. */
function exporter(stateFolder = folder.path) {
  const collectors = createFreqtradeCollectors(() => stateFolder);
  const collector = collectors.find(({ name }) => name === 'freqtrade_messages');
  return (log?: string) => readSeries(collector, botTarget(bot.url, log === undefined ? {} : { log }));
}

const logsOf = () => (bot.answers.get('logs') as { logs: unknown[] }).logs;
const set = (logs: readonly unknown[]) => bot.answers.set('logs', { log_count: logs.length, logs });
const write = (...more: readonly (readonly unknown[])[]) => set([...logsOf(), ...more]);

const retry = (timeMs: number) =>
  message(timeMs, 'exchange.common', 'WARNING', 'f() returned exception: "x". Retrying still for 3 times.');
const kinds = (series: Record<string, number>) =>
  Object.fromEntries<number>(
    Object.entries(series)
      .filter(([name, value]) => name.startsWith('freqtrade_log_messages_total') && value > 0)
      .map(([name, value]) => [name.split(' ')[1] ?? '', value]),
  );

test('what was written before the bot was first watched does not count; what comes after counts once', async () => {
  const read = exporter();
  expect(kinds(await read())).toEqual({});
  write(
    retry(START_MS),
    message(START_MS + 1, 'exchange.common', 'WARNING', 'f() returned exception: "x". Giving up.'),
    message(START_MS + 2, 'exchange.common', 'INFO', 'Applying DDosProtection backoff delay: 2'),
    message(
      START_MS + 3,
      'exchange.kucoin',
      'WARNING',
      'Kucoin 429 error, avoid triggering DDosProtection backoff delay.',
    ),
    message(START_MS + 4, 'worker', 'WARNING', 'Error: binance is down, retrying in 30 seconds...'),
    message(START_MS + 5, 'worker', 'ERROR', 'OperationalException. Stopping trader ...'),
    message(
      START_MS + 6,
      'strategy.interface',
      'WARNING',
      'Outdated history for pair X. Last tick is 25 minutes old',
    ),
    message(START_MS + 7, 'x', 'constructor', 'something'),
  );
  const expected = {
    retrying: 1,
    gave_up: 1,
    rate_limit: 2,
    temporary_error: 1,
    operational_error: 1,
    outdated_history: 1,
    other: 1,
  };
  const series = await read();
  expect(kinds(series)).toEqual(expected);
  expect(series).toMatchObject({
    'freqtrade_log_events_total warning': 5,
    'freqtrade_log_events_total error': 1,
    'freqtrade_log_events_total other': 1,
    'freqtrade_log_events_total critical': 0,
  });
  expect(kinds(await read())).toEqual(expected);
});

test('two messages of one moment both count, the second although it came later', async () => {
  const read = exporter();
  await read();
  write(retry(START_MS));
  await read();
  write(message(START_MS, 'worker', 'ERROR', 'OperationalException. Stopping trader ...'));
  expect(kinds(await read())).toEqual({ retrying: 1, operational_error: 1 });
});

test('counting goes on where it was over a restart of the exporter, of the bot, and after too many messages', async () => {
  await exporter()();
  write(retry(START_MS));
  await exporter()();
  write(retry(START_MS + 1));
  expect(kinds(await exporter()())).toEqual({ retrying: 2 });
  // What is left has nothing that was seen before.
  set([retry(START_MS + 2), retry(START_MS + 3)]);
  expect(kinds(await exporter()())).toEqual({ retrying: 4 });
  set([]);
  expect(kinds(await exporter()())).toEqual({ retrying: 4 });
  set([retry(START_MS + 3), retry(START_MS + 4)]);
  expect(kinds(await exporter()())).toEqual({ retrying: 5 });
  // The last one is gone, and an older one is still there.
  set([retry(START_MS + 3.5), retry(START_MS + 5)]);
  expect(kinds(await exporter()())).toEqual({ retrying: 6 });
});

test('two readings of one bot wait for each other', async () => {
  const read = exporter();
  await read();
  const held = Promise.withResolvers<ServerResponse>();
  bot.faults.set('logs', held.resolve);
  const first = read();
  const response = await held.promise;
  bot.faults.delete('logs');
  const second = read();
  // Had the second begun, its request would have come before the last of these.
  for (let count = 0; count < 5; count += 1) await fetch(`${bot.url}/api/v1/ping`);
  expect(bot.asked.filter((path) => path === 'logs')).toHaveLength(2);
  response.end(JSON.stringify(bot.answers.get('logs')));
  write(retry(START_MS));
  expect(kinds(await first)).toEqual({});
  expect(kinds(await second)).toEqual({ retrying: 1 });
});

test('what could not be saved is not shown, and counts once it can', async () => {
  const place = join(folder.path, 'state');
  const read = exporter(place);
  await read();
  write(retry(START_MS));
  await rm(place, { recursive: true });
  await writeFile(place, 'no folder');
  await expect(read()).rejects.toMatchObject({ code: 'EEXIST' });
  await rm(place);
  expect(kinds(await read())).toEqual({ retrying: 1 });
});

test('a message is kept short, and never whole', async () => {
  await exporter()();
  write(message(START_MS, 'worker', 'INFO', 'x'.repeat(1_000_000)));
  expect(kinds(await exporter()())).toEqual({ other: 1 });
  expect((await readFile(join(folder.path, FILE), 'utf8')).length).toBeLessThan(1000);
});

test('a bot whose log file is read is not asked', async () => {
  await expect(exporter()('/var/log/freqtrade.log')).rejects.toBeInstanceOf(NoDataError);
  expect(bot.asked).toEqual([]);
});

test('messages of another shape are no answer', async () => {
  set([['2026-11-23 09:29:03', 'now', 'worker', 'INFO', 'x']]);
  await expect(exporter()()).rejects.toMatchObject({ reason: 'bad_answer' });
});
