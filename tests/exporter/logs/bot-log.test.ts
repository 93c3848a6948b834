import { appendFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createLogsCollector } from '../../../exporter/collectors/logs.ts';
import { botLogMetrics } from '../../../exporter/logs/log-metrics.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { collectAll } from '../../helpers/collect.ts';
import { startHardenedHost } from '../../helpers/hardened-host.ts';

const fixture = new URL('../../fixtures/logs/freqtrade.log', import.meta.url);

test("a bot's log is counted by level and by what its messages are about", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await createTempFolder('steward-bot-log');
  stack.defer(() => folder.remove());
  await chmod(folder.path, 0o755);
  const log = join(folder.path, 'freqtrade.log');
  await writeFile(log, '');
  const bot = {
    kind: 'freqtrade',
    url: 'http://127.0.0.1:8080',
    username: 'x',
    password_file: '/x',
    host: 'web1',
    log,
  };
  const hardened = await startHardenedHost(folder.path, {
    services: '[]',
    sites: '{}',
    bots: JSON.stringify({ btc: bot }),
  });
  stack.defer(() => hardened.remove());
  const host = hardened.open('read');
  stack.defer(() => host.close());

  const collector = createLogsCollector(() => join(folder.path, 'state'), botLogMetrics);
  const collect = () => collectAll(collector, { id: 'btc', entry: { log }, host });
  await collect();
  await appendFile(log, await readFile(fixture));
  await collect();
  const counted = (await collect())
    .filter(({ metric, value }) => metric.kind === 'counter' && value > 0)
    .map(({ metric, labels, value }) => [metric.name, labels['level'] ?? labels['kind'], value]);
  expect(counted).toEqual(
    expect.arrayContaining([
      ['trading_bot_log_events_total', 'error', 1],
      ['trading_bot_log_events_total', 'warning', 3],
      ['trading_bot_log_events_total', 'info', 3],
      ['trading_bot_log_messages_total', 'stoploss', 1],
      ['trading_bot_log_messages_total', 'outdated_history', 1],
    ]),
  );
});
