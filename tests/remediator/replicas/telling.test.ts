import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startScriptedApi, type ScriptedApi } from '../../helpers/scripted-api.ts';
import { makeAlert } from '../alerts.ts';
import { alert } from '../process/stage.ts';
import { useReplicas } from './replica-stage.ts';

const replicas = useReplicas();
const { stage } = replicas;
const TIMEOUT_MS = 60_000;

let receiver: ScriptedApi;
beforeEach(async () => {
  receiver = await startScriptedApi();
  receiver.answer = (_request, response) => void response.writeHead(204).end();
});
afterEach(() => receiver.stop());

const told = (): { reason: string; run: { id: string } | null }[] =>
  receiver.asked.map(({ body }) => JSON.parse(body) as { reason: string; run: { id: string } | null });

test(
  'a mass failure that comes to both is seen, and told once; each end of a run is told once, too',
  async () => {
    const ids = ['2', '3', '4'];
    const site = { url: 'https://blog.example', path: '/var/www/blog', owner: 'www-data' };
    const settings = replicas.inventory({
      hosts: Object.fromEntries(['1', ...ids].map((id) => [`web${id}`, stage.host.entry])),
      sites: Object.fromEntries(
        ['', ...ids].map((id) => [`blog${id}`, { ...site, host: `web${id === '' ? '1' : id}` }]),
      ),
      notify: { webhook: { url: receiver.url, secret_file: 'secrets/webhook_token' } },
    });
    const [one, other] = [await replicas.start(settings), await replicas.start(settings)];
    const alerts = ids.map((id) =>
      makeAlert({ ...alert.labels, instance: `blog${id}`, host: `web${id}` }, { fingerprint: `a${id}` }),
    );
    for (const [replica, next] of [
      [one, alerts[0]],
      [other, alerts[1]],
    ] as const) {
      await replica.deliver(next ?? alert);
      await other.untilRun(({ reason }) => reason === 'not_corroborated');
    }
    await one.deliver(alerts[2] ?? alert);
    await one.untilRun(({ reason }) => reason === 'mass_failure');
    await other.deliver(...alerts);
    await one.deliver(...alerts);
    await waitUntil(async () => (await one.runs()).every(({ reason }) => reason === 'mass_failure'), {
      what: 'all to be held back',
    });
    await Promise.all(
      [one, other].map((replica) =>
        replica.deliver(...alerts.map((ended) => ({ ...ended, status: 'resolved' as const }))),
      ),
    );
    await waitUntil(async () => (await one.runs()).every(({ state }) => state === 'closed'), {
      what: 'the end',
    });
    for (const { process } of [one, other]) {
      process.kill('SIGTERM');
      await process.ended;
    }
    const ends = told().filter(({ run }) => run !== null);
    expect(told().filter(({ reason }) => reason === 'mass_failure').length).toBe(1 + ids.length);
    expect(ends.length).toBe(2 + 1 + ids.length);
  },
  TIMEOUT_MS,
);
