import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Message } from '../../../remediator/notify/message.ts';
import { startScriptedApi, type ScriptedApi } from '../../helpers/scripted-api.ts';
import { makeAlert } from '../alerts.ts';
import { alert } from '../process/stage.ts';
import { loading, useReplicas } from './replica-stage.ts';

const replicas = useReplicas();
const { stage } = replicas;
const TIMEOUT_MS = 60_000;

let receiver: ScriptedApi;
beforeEach(async () => {
  receiver = await startScriptedApi();
  receiver.answer = (_request, response) => void response.writeHead(204).end();
});
afterEach(() => receiver.stop());

const told = (): Message[] => receiver.asked.map(({ body }) => JSON.parse(body) as Message);

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

test(
  'what one was about to tell when it was killed is told by the other, which tells nothing else a second time',
  async () => {
    const notify = { webhook: { url: receiver.url, secret_file: 'secrets/webhook_token' } };
    const forged = makeAlert({ ...alert.labels, host: 'elsewhere' }, { fingerprint: 'b2' });
    const one = await replicas.start(replicas.inventory({ notify }), [
      loading('../crash/kill-at-point.ts'),
      'KILL_AT=tell 2 before',
      `POINTS_FILE=${stage.folder.path}/points-of-one`,
    ]);
    await one.deliver(forged);
    await waitUntil(() => told().length === 1, { what: 'the first message' });
    await one.deliver({ ...forged, status: 'resolved' });
    await one.process.ended;
    // Only now, since it would tell whatever it finds first.
    const other = await replicas.start(replicas.inventory({ notify }));
    await waitUntil(() => told().length > 1, {
      what: 'the other to tell',
      explain: () => other.process.logTail(),
    });
    await waitUntil(async () => (await (await fetch(`${other.url}/metrics`)).text()).includes('_owed 0\n'), {
      what: 'nothing to be owed',
    });
    expect(told()).toMatchObject([
      { reason: 'not_corroborated', closed: false },
      { reason: 'not_corroborated', closed: true },
    ]);
  },
  TIMEOUT_MS,
);
