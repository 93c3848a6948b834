import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createFreqtradeClient } from '../../../apis/freqtrade-client.ts';
import { Secret } from '../../../inventory/secret.ts';
import { FREQTRADE_LOGIN } from '../../../lab/bot/freqtrade-double.ts';
import { freePort } from '../../../lab/parts/free-port.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startSupervisor, type Supervisor } from '../../../lab/site/supervisor.ts';
import { createFreqtradeBot, type ActingBot } from '../../../remediator/bots/freqtrade-bot.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';
import type { RunningRemediator } from './running-remediator.ts';
import { botAlert, stalled, useStage } from './stage.ts';

const stage = useStage();
const TIMEOUT_MS = 60_000;

let supervisor: Supervisor;
let hardened: HardenedHost;
let bot: ActingBot;
let openFile: string;
let remediator: RunningRemediator;
let inventory: object;

beforeAll(async () => {
  const folder = join(stage.folder.path, 'bot');
  await mkdir(folder);
  openFile = join(folder, 'open-trades');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = fileURLToPath(new URL('bot-program.ts', import.meta.url));
  const command = [process.execPath, program, `${port}`, openFile] as const;
  supervisor = await startSupervisor(folder, [{ name: 'bot', command, stopSignal: 'TERM' }]);
  hardened = await startHardenedHost(folder, {
    services: `[{ name: bot, manager: supervisor, config: ${supervisor.configFile} }]`,
    sites: '{}',
  });
  const { username, password } = FREQTRADE_LOGIN;
  const readPassword = () => Promise.resolve(new Secret(password));
  bot = createFreqtradeBot(createFreqtradeClient({ url, username, readPassword }));
  await waitUntil(() => bot.openTrades(AbortSignal.timeout(1000)).then(() => true), { what: 'the bot' });
  const verify = { query: 'bot_stalled{instance="$target"} == 0', samples: 1, within: '10s' };
  const policy = { name: 'restart-bot', mode: 'auto', cooldown: '1h', guard: [], verify };
  inventory = stage.inventory({
    hosts: {
      web1: {
        address: '127.0.0.1',
        port: hardened.sshd.port,
        user: hardened.user,
        read_key_file: hardened.keyFiles.read,
        act_key_file: hardened.keyFiles.act,
        host_key: hardened.sshd.hostKeyFingerprint,
        services: [{ name: 'bot', manager: 'supervisor', config: supervisor.configFile }],
      },
    },
    sites: {},
    bots: {
      trend: { kind: 'freqtrade', url, username, password_file: 'secrets/bot', host: 'web1', service: 'bot' },
    },
    policies: [policy],
  });
}, TIMEOUT_MS);
afterAll(async () => {
  await hardened.remove();
  await supervisor.stop();
});

beforeEach(async () => {
  await writeFile(openFile, '');
  await stage.show(stalled, 1);
  remediator = await stage.start({ inventory, secrets: { bot: FREQTRADE_LOGIN.password } });
  await remediator.deliver(botAlert);
  await remediator.untilRun(({ state }) => state === 'resting');
});
afterEach(() => stage.page.delete(stalled));

const state = () => bot.state(AbortSignal.timeout(5000));

test(
  'a bot is restarted by the dispatcher once it has no open trade, also where the remediator was killed meanwhile',
  async () => {
    expect(await state()).toBe('opens_none');
    const before = await supervisor.pidOf('bot');
    await stage.kill();
    remediator = await stage.restart();
    expect(await remediator.runs()).toMatchObject([{ state: 'resting' }]);
    expect(await supervisor.pidOf('bot')).toBe(before);
    await rm(openFile);
    const ranAnew = async () => (await supervisor.pidOf('bot')) !== before;
    await waitUntil(ranAnew, {
      what: 'the bot to be restarted',
      explain: () => remediator.process.logTail(),
    });
    const after = await supervisor.pidOf('bot');
    stage.page.set(stalled, 0);
    expect(await remediator.untilClosed()).toMatchObject({ outcome: 'verified' });
    expect(await state()).toBe('trades');
    expect(await supervisor.pidOf('bot')).toBe(after);
  },
  TIMEOUT_MS,
);

test(
  'an alert that ends meanwhile has the bot open trades again, also where somebody has paused Steward',
  async () => {
    const before = await supervisor.pidOf('bot');
    await remediator.pause(true);
    await remediator.deliver({ ...botAlert, status: 'resolved' });
    expect(await remediator.untilClosed()).toMatchObject({
      outcome: 'rolled_back',
      reason: 'alert_resolved',
    });
    expect(await state()).toBe('trades');
    expect(await supervisor.pidOf('bot')).toBe(before);
  },
  TIMEOUT_MS,
);
