import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startScriptedApi, type ScriptedApi } from '../../helpers/scripted-api.ts';
import type { RunningRemediator } from './running-remediator.ts';
import { alert, botAlert, stalled, useStage } from './stage.ts';

const stage = useStage();

/** A secret of each kind that the remediator reads, each a text that stands nowhere else. */
const secrets = {
  prometheus_password: 'canary-of-prometheus-4d1f',
  alertmanager_password: 'canary-of-alertmanager-7b02',
  exporter_password: 'canary-of-exporter-a9c3',
  hook: 'canary-of-the-webhook-0e55',
  bot: 'canary-of-the-bot-61d8',
};
/** What the host's own configuration holds, and a command of it prints. */
const onHost = 'canary-of-the-database-93fa';

/** Fails, and tells in its answer all that it was sent, as a proxy in between does that was set up to debug. */
let echo: ScriptedApi;
let receiver: ScriptedApi;
beforeEach(async () => {
  [echo, receiver] = await Promise.all([startScriptedApi(), startScriptedApi()]);
  receiver.answer = (_request, response) => void response.writeHead(204).end();
  echo.answer = ({ headers: { authorization }, body }, response) =>
    void response.writeHead(500).end(`${JSON.stringify({ authorization })} ${body}`);
});
afterEach(async () => {
  await Promise.all([echo.stop(), receiver.stop()]);
});

const withEcho = (peers: object) =>
  stage.inventory({
    ...peers,
    exporter: { url: echo.url },
    alertmanager: { url: echo.url },
    bots: {
      trend: {
        kind: 'freqtrade',
        url: echo.url,
        username: 'bot',
        password_file: 'secrets/bot',
        host: 'web1',
        service: 'nginx',
      },
    },
    notify: { webhook: { url: receiver.url, secret_file: 'secrets/hook' } },
    policies: [
      {
        name: 'fix-permissions',
        mode: 'auto',
        cooldown: '1s',
        verify: { query: 'up == 2', samples: 1, within: '1s' },
      },
      { name: 'restart-bot', mode: 'auto' },
    ],
  });

/** Each secret as it is, and as the header of a login has it. */
function textsOf(values: readonly string[]): string[] {
  const logins = values.flatMap((value) => [`steward:${value}`, `bot:${value}`]);
  return [...values, ...logins.map((login) => Buffer.from(login).toString('base64'))];
}

async function keyLines(): Promise<string[]> {
  const key = await readFile(String(stage.host.entry['act_key_file']), 'utf8');
  return key.split('\n').filter((line) => line.length > 40);
}

/** All that leaves the process: its log, its journal, what it serves and sends, and what `ps` shows of it. */
async function allThatIsShown(remediator: RunningRemediator): Promise<Map<string, string>> {
  const { url, process: child } = remediator;
  const shown = new Map<string, string>();
  const folder = join(stage.folder.path, 'remediator');
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath.endsWith('secrets')) continue;
    shown.set(entry.name, await readFile(join(entry.parentPath, entry.name), 'latin1'));
  }
  const authorization = `Basic ${Buffer.from('steward:remediator-password').toString('base64')}`;
  const ids = (await remediator.runs()).map(({ id }) => id);
  const paths = ['/', '/metrics', '/api/runs', ...ids.flatMap((id) => [`/runs/${id}`, `/api/runs/${id}`])];
  for (const path of paths) {
    const response = await fetch(`${url}${path}`, { headers: { authorization } });
    expect(response.status).toBe(200);
    shown.set(path, await response.text());
  }
  for (const file of ['cmdline', 'environ'])
    shown.set(file, await readFile(`/proc/${child.pid}/${file}`, 'utf8'));
  shown.set('messages', receiver.asked.map(({ body }) => body).join('\n'));
  return shown;
}

function expectNone(shown: ReadonlyMap<string, string>, texts: readonly string[]): void {
  const leaks = [...shown].flatMap(([where, text]) =>
    texts.filter((one) => text.includes(one)).map((one) => `${where}: ${one}`),
  );
  expect(leaks).toEqual([]);
}

test('no secret is in the log, the journal, a page, a metric, a message or the list of processes', async () => {
  await stage.host.says(
    `DB_PASSWORD='${onHost}'\nmysql://root:${onHost}@localhost/\nAuthorization: Bearer ${onHost}\n`,
  );
  const folder = join(stage.folder.path, 'remediator');
  let remediator = await stage.start({ folder, inventory: withEcho({}), secrets });
  await remediator.deliver(alert);
  await stage.host.untilCalled(1);
  const fixed = await remediator.untilRun(({ events }) => events.some(({ kind }) => kind === 'acted'));
  expect(JSON.stringify(fixed.events)).toContain('<secret>');
  await stage.show(stalled, 1);
  await remediator.deliver(botAlert);
  await remediator.untilRun(({ alertname, reason }) => alertname === 'BotStalled' && reason !== null);
  await stage.kill();
  await remediator.configure(withEcho({ prometheus: { url: echo.url } }));
  remediator = await stage.restart();
  // Delivered again until the cooldown is over, as Alertmanager does.
  const later = { ...alert, fingerprint: 'd4', startsAt: new Date().toISOString() };
  await waitUntil(
    async () => {
      await remediator.deliver(later);
      return (await remediator.runs()).some(({ reason }) => reason === 'prometheus_unreachable');
    },
    { what: 'Prometheus to be asked', explain: () => remediator.process.logTail() },
  );
  // What was sent to the peers is what is looked for.
  const sent = echo.asked.map(({ headers }) => headers.authorization).join('\n');
  const [login] = textsOf([secrets.prometheus_password]).slice(1);
  expect(sent).toContain(login);
  const texts = [
    ...textsOf(['webhook-token', 'remediator-password', ...Object.values(secrets), onHost]),
    ...(await keyLines()),
  ];
  expectNone(await allThatIsShown(remediator), texts);
}, 60_000);
