import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile, chmod } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SLOT_PATTERN } from '../../../inventory/schema/values.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Alert } from '../../../remediator/alerts/alert.ts';
import { startHardenedHost, type HardenedHost } from '../../helpers/hardened-host.ts';
import { startMetricsPage, type MetricsPage } from '../../helpers/metrics-page.ts';
import { startTestPrometheus, type TestPrometheus } from '../../helpers/prometheus.ts';
import { stewardBeside } from '../../helpers/steward-command.ts';
import { makeAlert } from '../alerts.ts';
import { startRemediator, type RunningRemediator, type ShownRun } from '../process/running-remediator.ts';
import { hostileCorpus } from './corpus.ts';

const TIMEOUT_MS = 240_000;
/** Alerts in a webhook. */
const AT_ONCE = 100;
const RULES = `
groups:
  - name: test
    rules:
      - { alert: PluginFatal, expr: 'sum by (instance, host, plugin) (plugin_fatals) > 0' }
      - { alert: ServiceDown, expr: 'sum by (instance, name) (service_down) > 0' }
      - { alert: WordPressPermissionsDrifted, expr: 'sum by (instance, host) (wordpress_path_permission_violations) > 0' }
`;
/** What an element of the pages may be. */
const ELEMENTS = /^(a|body|h1|h2|head|html|link|main|meta|nav|p|pre|table|tbody|td|th|thead|time|title|tr)$/;
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\p{Cf}/u;

let folder: TempFolder;
let canaries: string;
let page: MetricsPage;
let prometheus: TestPrometheus;
let hardened: HardenedHost;
let receiver: Server;
let remediator: RunningRemediator;
let runs: readonly ShownRun[];
const told: string[] = [];

/** Each text of the corpus where it would choose what is acted on, and where it would choose with what. */
function alertsOf(text: string, index: number): Alert[] {
  const one = (place: string, labels: Record<string, string>) =>
    makeAlert(labels, { fingerprint: `${index.toString(16)}${place}` });
  const blog = { instance: 'blog', host: 'web1' };
  return [
    one('a', { alertname: 'WordPressPermissionsDrifted', instance: text }),
    one('b', { alertname: 'WordPressPermissionsDrifted', ...blog, host: text }),
    one('c', { alertname: 'ServiceDown', instance: 'web1', name: text }),
    one('d', { alertname: 'PluginFatal', ...blog, plugin: text }),
    one('e', { alertname: text, instance: text, [`x${text}`]: text }),
  ];
}

/** A label's value, as the text format has it; NULs and halves of characters cannot be in it. */
function isInTextFormat(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

beforeAll(async () => {
  folder = await createTempFolder('steward-hostile-path');
  canaries = join(folder.path, 'canaries');
  await mkdir(canaries);
  await chmod(canaries, 0o777);
  for (const name of ['blog', 'shop']) {
    await mkdir(join(folder.path, name));
    await writeFile(join(folder.path, name, 'wp-config.php'), '');
  }
  page = await startMetricsPage();
  // Prometheus itself vouches for every text that it can hold: nothing is held back because it is not corroborated.
  for (const { text } of hostileCorpus(canaries).filter((one) => isInTextFormat(one.text))) {
    page.set(`plugin_fatals{instance="blog",host="web1",plugin="${escaped(text)}"}`, 1);
    page.set(`service_down{instance="web1",name="${escaped(text)}"}`, 1);
    page.set(`wordpress_path_permission_violations{instance="${escaped(text)}"}`, 1);
  }
  page.set('wordpress_path_permission_violations{instance="blog",host="web1"}', 1);
  page.set('plugin_fatals_seen{instance="blog"}', 1);
  prometheus = await startTestPrometheus(join(folder.path, 'prometheus'), page.port, RULES);
  const site = (name: string) =>
    `{ host: web1, url: 'http://127.0.0.1/', path: '${join(folder.path, name)}', owner: www-data }`;
  hardened = await startHardenedHost(folder.path, {
    services: '[{ name: no-such-service, manager: sysv }]',
    sites: `{ blog: ${site('blog')}, shop: ${site('shop')} }`,
  });
  await prometheus.untilTrue('plugin_fatals_seen');
  receiver = createServer((request, response) => {
    void textOf(request).then((body) => {
      told.push(body);
      response.end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  remediator = await startRemediator({ folder: join(folder.path, 'remediator'), inventory: inventory() });
  runs = await deliverAll();
}, TIMEOUT_MS);
afterAll(async () => {
  await remediator.process.stop();
  receiver.closeAllConnections();
  receiver.close();
  await hardened.remove();
  await prometheus.stop();
  await page.stop();
  await folder.remove();
});

function inventory(): object {
  const site = (name: string) => ({
    host: 'web1',
    url: `https://${name}.example`,
    path: join(folder.path, name),
    owner: 'www-data',
  });
  const verify = { query: 'plugin_fatals_seen{instance="blog"} == 1', samples: 1, within: '10s' };
  const auto = { mode: 'auto', guard: [], limit: '999 per 1h', cooldown: '1h', verify };
  return {
    hosts: {
      web1: {
        address: '127.0.0.1',
        port: hardened.sshd.port,
        user: hardened.user,
        read_key_file: hardened.keyFiles.read,
        act_key_file: hardened.keyFiles.act,
        host_key: hardened.sshd.hostKeyFingerprint,
        services: [{ name: 'no-such-service', manager: 'sysv' }],
      },
    },
    sites: { blog: site('blog'), shop: site('shop') },
    policies: [
      { name: 'fix-permissions', ...auto },
      { name: 'restart-service', ...auto },
      {
        ...{ name: 'deactivate', match: ['alertname="PluginFatal"'], action: 'wordpress.deactivate-plugin' },
        ...{ with: { plugin: { label: 'plugin' } }, ...auto },
      },
    ],
    prometheus: { url: prometheus.url },
    exporter: { url: 'http://127.0.0.1:1' },
    notify: {
      webhook: {
        url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
        secret_file: 'secrets/webhook_token',
      },
    },
  };
}

/** Delivers the alerts of some texts at a time, and waits until each run has ended or says why it does not act. */
async function deliverAll(): Promise<readonly ShownRun[]> {
  const alerts = hostileCorpus(canaries).flatMap(({ text }, index) => alertsOf(text, index));
  const shown: ShownRun[] = [];
  while (alerts.length > 0) {
    const some = alerts.splice(0, AT_ONCE);
    expect(await remediator.deliver(...some)).toBe(202);
    const mine = await waitUntil(
      async () => {
        const newest = await remediator.runs(some.length);
        return newest.every(isDecided) && newest;
      },
      { what: 'the runs', timeoutMs: 60_000, explain: () => remediator.process.logTail() },
    );
    shown.push(...mine);
  }
  return shown;
}

function isDecided({ state, reason }: ShownRun): boolean {
  return state === 'closed' || (state === 'waiting' && reason !== null && reason !== 'host_busy');
}

function get(path: string): Promise<string> {
  const authorization = `Basic ${Buffer.from('steward:remediator-password').toString('base64')}`;
  return fetch(`${remediator.url}${path}`, { headers: { authorization } }).then((answer) => answer.text());
}

function expectInert(html: string): void {
  const elements = [...html.matchAll(/<([a-z0-9]+)/gi)].map(([, name = '']) => name);
  expect(elements.filter((name) => !ELEMENTS.test(name))).toEqual([]);
  expect(html).not.toMatch(STEERS);
  expect([...html.matchAll(/(?:href|src)="([^"]*)"/g)].filter(([, to = '']) => !to.startsWith('/'))).toEqual(
    [],
  );
}

describe('356 hostile texts in labels, from the webhook to a real hardened host', () => {
  const words = () => hostileCorpus(canaries).filter(({ text }) => SLOT_PATTERN.test(text));

  test('the host was sent the words among them that could be plugins, each for its own site, and nothing else', async () => {
    const log = await readFile(`/var/log/${hardened.user}-dispatch.log`, 'utf8');
    const calls = log
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\S+Z /, '').replace(/ \d{8}-\d{6}-[0-9a-f]{8}(?=:)/, ' RUN'));
    const deactivations = calls.filter((call) => !call.includes('site-activate-plugin'));
    expect(deactivations.sort()).toEqual(
      words()
        .map(({ text }) => `act site-deactivate-plugin blog ${text} RUN`)
        .flatMap((call) => [`${call}: begins`, `${call}: exit code 1`])
        .sort(),
    );
  });

  test('each run has one reason, and none has crossed into another target', () => {
    expect(runs).toHaveLength(5 * hostileCorpus(canaries).length);
    const acted = runs.filter(({ events }) => events.some(({ kind }) => kind === 'acting'));
    expect(acted).toHaveLength(words().length);
    expect(new Set(acted.map(({ target }) => target))).toEqual(new Set(['blog']));
    const reasons = new Set(runs.filter((run) => !acted.includes(run)).map(({ reason }) => reason));
    expect([...reasons].sort()).toEqual(
      ['empty_target', 'no_policy', 'not_corroborated', 'parameter_not_allowed', 'unknown_target'].sort(),
    );
  });

  test('none has made a file, anywhere that it could', async () => {
    expect(await readdir(canaries)).toEqual([]);
    for (const name of ['blog', 'shop'])
      expect(await readdir(join(folder.path, name))).toEqual(['wp-config.php']);
  });

  test(
    'all are shown on pages as the text that they are',
    async () => {
      expectInert(await get('/'));
      for (const { id } of runs) expectInert(await get(`/runs/${id}`));
    },
    TIMEOUT_MS,
  );

  test(
    'none steers the terminal of who asks for runs',
    async () => {
      const beside = join(folder.path, 'remediator');
      const { status, stdout } = await stewardBeside(beside, 'runs');
      expect({ status, steers: STEERS.test(stdout) }).toEqual({ status: 0, steers: false });
      const terminal = runs
        .filter(({ alertname }) => STEERS.test(alertname ?? ''))
        .filter((_run, index) => index % 6 === 0);
      expect(terminal.length).toBeGreaterThan(5);
      for (const { id } of terminal) {
        for (const command of ['run', 'why'])
          expect((await stewardBeside(beside, command, id)).stdout).not.toMatch(STEERS);
      }
    },
    TIMEOUT_MS,
  );

  test('each line of the log, and each message, is one object of JSON with the text in its place', async () => {
    const lines = (await readFile(join(folder.path, 'remediator/remediator.log'), 'utf8'))
      .trimEnd()
      .split('\n');
    expect(lines.filter((line) => !isObject(line))).toEqual([]);
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/);
    expect(told.length).toBeGreaterThan(0);
    expect(told.filter((body) => !isObject(body) || /[\u0000-\u001f]/.test(body))).toEqual([]);
  });
});

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
