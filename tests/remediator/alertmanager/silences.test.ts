import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createSilences } from '../../../remediator/alertmanager/silences.ts';
import { newest } from '../../alertmanager/programs.ts';
import { startAlertmanager, type RunningAlertmanager } from '../../alertmanager/running-alertmanager.ts';
import { hostileTexts } from '../hostile-texts.ts';

let alertmanager: RunningAlertmanager;
beforeAll(async () => {
  alertmanager = await startAlertmanager(newest, {
    edit: (text) => text,
    secrets: { webhook_token: 'the-token' },
  });
});
afterAll(() => alertmanager.stop());

const lines: string[] = [];
const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
beforeEach(() => void lines.splice(0));
const silences = () =>
  createSilences(() => Promise.resolve({ url: `${alertmanager.url}/`, authorization: '' }), log);
const inAnHour = () => new Date(Date.now() + 3_600_000);

interface Shown {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly state: string; readonly silencedBy: readonly string[] };
}

/** The labels of the alerts that are silenced, as Alertmanager sees it when it is asked. */
async function silenced(): Promise<unknown[]> {
  const all = (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as Shown[];
  return all.filter(({ status }) => status.silencedBy.length > 0).map(({ labels }) => labels);
}

test('a silence is for the alerts with exactly these labels, and ends when it is lifted', async () => {
  const labels = { alertname: 'Drift', instance: 'blog', host: 'web1' };
  await alertmanager.fire(labels, { ...labels, instance: 'shop' }, { ...labels, alertname: 'Drifted' });
  const id = await silences().set(labels, inAnHour(), 'r1');
  expect(await silenced()).toEqual([labels]);
  await silences().lift(id ?? '', 'r1');
  expect(await silenced()).toEqual([]);
});

test('labels of every kind are matched as the text they are', async () => {
  const hostile = hostileTexts.filter((text) => text.isWellFormed() && text !== '');
  const all = hostile.map((text) => ({ alertname: 'Hostile', instance: text }));
  await alertmanager.fire(...all);
  const [first = ''] = hostile;
  const ids = await Promise.all(all.slice(1).map((labels) => silences().set(labels, inAnHour(), 'r1')));
  const isSilenced = await silenced();
  expect(isSilenced).toHaveLength(new Set(hostile).size - 1);
  expect(isSilenced).not.toContainEqual({ alertname: 'Hostile', instance: first });
  await Promise.all(ids.map((id) => silences().lift(id ?? '', 'r1')));
});

test.each([
  ['that is not there', 'http://127.0.0.1:1'],
  ['whose address is wrong', 'http://127.0.0.1:1/%zz'],
])('an Alertmanager %s gives no silence, and no error', async (_what, url) => {
  const lost = createSilences(() => Promise.resolve({ url, authorization: '' }), log);
  expect(await lost.set({ alertname: 'A' }, inAnHour(), 'r1')).toBeUndefined();
  await expect(lost.lift('s1', 'r1')).resolves.toBeUndefined();
  // In the log it stands with its run.
  expect(lines.map((line) => (JSON.parse(line) as { run: string }).run)).toEqual(['r1', 'r1']);
});

test('an Alertmanager that refuses gives no silence', async () => {
  expect(await silences().set({ alertname: 'A' }, new Date(0), 'r1')).toBeUndefined();
});
