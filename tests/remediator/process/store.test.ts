import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { basicAuthorization } from '../../../inventory/authorization.ts';
import { Secret } from '../../../inventory/secret.ts';
import { createPrometheusClient } from '../../../remediator/prometheus/prometheus-client.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import {
  PASSWORD,
  startVictoriaMetrics,
  USER,
  type VictoriaMetrics,
} from '../../helpers/victoria-metrics.ts';
import { makeAlert } from '../alerts.ts';
import type { RunningRemediator, ShownRun } from './running-remediator.ts';
import { Stage, violations } from './stage.ts';

/** The labels of its series are those of the store, with the external ones of Prometheus. */
const RULES = `
groups:
  - name: test
    rules:
      - alert: WordPressPermissionsDrifted
        expr: wordpress_path_permission_violations > 0
`;
const SITE = { instance: 'blog', host: 'web1', job: 'site' };
/** As Prometheus sends it, with its external label. */
const alert = makeAlert({ alertname: 'WordPressPermissionsDrifted', ...SITE, site: 'home' });
const notWritten = 'not_written{instance="blog"}';
const verify = {
  query: 'sum(wordpress_path_permission_violations{instance="$target"}) == 0',
  samples: 2,
  within: '20s',
};

const stage = new Stage();
let folder: TempFolder;
let store: VictoriaMetrics;

beforeAll(async () => {
  folder = await createTempFolder('steward-store');
  store = await startVictoriaMetrics(join(folder.path, 'store'));
  await stage.open(RULES, remoteWrite());
});
afterAll(async () => {
  await stage.close();
  await store.stop();
  await folder.remove();
});
beforeEach(async () => {
  stage.page.set(notWritten, 1);
  await stage.reset();
  await untilStored(`${violations} == 2`);
});
afterEach(() => stage.leave());

/** As prometheus/prometheus-scale.yml has it, and what does not reach the store shows who is asked. */
function remoteWrite(): string {
  return `remote_write:
  - url: ${store.url}/api/v1/write
    basic_auth: { username: ${USER}, password: ${PASSWORD} }
    queue_config: { batch_send_deadline: 1s }
    write_relabel_configs: [{ source_labels: [__name__], regex: not_written, action: drop }]
`;
}

async function untilStored(query: string): Promise<void> {
  const authorization = basicAuthorization(USER, new Secret(PASSWORD));
  const client = createPrometheusClient(() => Promise.resolve({ url: store.url, authorization }));
  await waitUntil(async () => (await client.query(query)).length > 0, { what: `${query} in the store` });
}

async function start(change: object = {}) {
  const password = join(folder.path, 'store_password');
  await writeFile(password, PASSWORD);
  await mkdir(join(stage.folder.path, 'remediator'), { recursive: true });
  const policy = { name: 'fix-permissions', mode: 'auto', cooldown: '20s', verify, ...change };
  return stage.start({
    inventory: stage.inventory({
      policies: [policy],
      prometheus: {
        url: stage.prometheus.url,
        queries: { url: store.url, username: USER, password_file: password },
      },
    }),
  });
}

async function reasonOfBlock(remediator: RunningRemediator): Promise<unknown> {
  const blockOf = ({ events }: ShownRun) => events.find(({ kind }) => kind === 'blocked');
  return blockOf(await remediator.untilRun((run) => blockOf(run) !== undefined))?.data['reason'];
}

test('an alert is corroborated, guarded and proved by what the store has', async () => {
  const remediator = await start({ guard: ['probe_success{instance="$target"} == 1'] });
  expect(await remediator.deliver(alert)).toBe(202);
  await stage.host.untilCalled(1);
  stage.page.set(violations, 0);
  const run = await remediator.untilClosed();
  expect(run).toMatchObject({ outcome: 'verified', reason: 'verified' });
  expect(run.events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['corroborated', 'guarded', 'acting', 'acted', 'verified']),
  );
});

test('a series that is gone holds up no proof, though the store has it for five minutes more', async () => {
  const gone = violations.replace('{', '{kind="gone",');
  stage.page.set(gone, 0);
  await untilStored(gone);
  stage.page.delete(gone);
  await untilStored(`absent(${gone})`);
  const remediator = await start();
  await remediator.deliver(alert);
  await stage.host.untilCalled(1);
  stage.page.set(violations, 0);
  expect(await remediator.untilClosed()).toMatchObject({ outcome: 'verified' });
});

test('what reaches the store after the alert was delivered is acted on without another delivery', async () => {
  stage.page.set(violations, 0);
  await untilStored(`${violations} == 0`);
  const remediator = await start();
  await remediator.deliver(alert);
  expect(await reasonOfBlock(remediator)).toBe('not_corroborated');
  stage.page.set(violations, 2);
  await stage.host.untilCalled(1);
});

test('what the store does not have is no evidence, whatever Prometheus has', async () => {
  await stage.prometheus.untilTrue(notWritten);
  const remediator = await start({ guard: [`${notWritten} == 1`] });
  await remediator.deliver(alert);
  expect(await reasonOfBlock(remediator)).toBe('guard_failed');
  expect(await stage.host.calls()).toEqual([]);
});

test('an alert of another Prometheus than the series are of is not believed', async () => {
  const remediator = await start();
  await remediator.deliver(makeAlert({ ...alert.labels, site: 'elsewhere' }));
  expect(await reasonOfBlock(remediator)).toBe('not_corroborated');
  expect(await stage.host.calls()).toEqual([]);
});

test('a store that cannot be asked holds everything back', async () => {
  const remediator = await start();
  store.process.kill('SIGSTOP');
  try {
    await remediator.deliver(alert);
    expect(await reasonOfBlock(remediator)).toBe('prometheus_unreachable');
    expect(await stage.host.calls()).toEqual([]);
  } finally {
    store.process.kill('SIGCONT');
  }
});
