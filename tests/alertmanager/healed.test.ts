import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { createSilences, type Silences } from '../../remediator/alertmanager/silences.ts';
import { startHttpDouble, type HttpDouble } from './http-double.ts';
import { alertmanagers } from './programs.ts';
import { startAlertmanager, type RunningAlertmanager } from './running-alertmanager.ts';
import { turnOn } from './turn-on.ts';

interface Message {
  readonly alerts: readonly { status: string; labels: Record<string, string> }[];
}

const alertOf = (instance: string) => ({
  alertname: 'OpcacheFull',
  severity: 'page',
  instance,
  host: 'web1',
});

describe.each(alertmanagers)('Alertmanager $generation', (generation) => {
  let people: HttpDouble;
  let alertmanager: RunningAlertmanager;
  let silences: Silences;

  beforeEach(async () => {
    people = await startHttpDouble();
    alertmanager = await startAlertmanager(generation, {
      edit: (text) =>
        turnOn(text, { people: 'slack' })
          .replaceAll(/group_(wait|interval): 1m/g, 'group_$1: 1s')
          .replace('http://remediator:9841', people.url)
          .replace(/- name: slack\n {4}slack_configs:[^]*?\n\n/, hookOf(people.url)),
      secrets: { webhook_token: 'the-token' },
    });
    silences = createSilences(
      () => Promise.resolve({ url: alertmanager.url, authorization: '' }),
      pino({ enabled: false }),
    );
  });
  afterEach(async () => {
    await alertmanager.stop();
    await people.stop();
  });

  /** Who people were told of as firing. */
  function told(): string[] {
    const alerts = people.receivedAt('/people').flatMap(({ body }) => (body as Message).alerts);
    const firing = alerts.filter(({ status }) => status === 'firing');
    return [...new Set(firing.map(({ labels }) => labels['instance'] ?? ''))].sort();
  }

  async function untilTold(instance: string): Promise<void> {
    await alertmanager.fire(alertOf(instance));
    await waitUntil(() => told().includes(instance), { what: `people to be told of ${instance}` });
  }

  /** Heals the blog under a silence, while people are told of others of the same group: each is a look at the blog too. */
  async function heal(atProof: () => Promise<void>): Promise<void> {
    const id = await silences.set(alertOf('blog'), new Date(Date.now() + 60_000), '1');
    if (id === undefined) throw new Error('it cannot be silenced');
    await alertmanager.fire(alertOf('blog'));
    await untilTold('before');
    await atProof();
    await silences.lift(id, '1');
    await untilTold('after');
    await untilTold('later');
  }

  test('tells nobody of an alert that has ended when its silence is lifted', async () => {
    await heal(() =>
      alertmanager.report({ labels: alertOf('blog'), endsAt: new Date(Date.now() - 1).toISOString() }),
    );
    expect(told()).toEqual(['after', 'before', 'later']);
  });

  test('tells of one that would be kept firing, although it was healed', async () => {
    await heal(() => Promise.resolve());
    expect(told()).toEqual(['after', 'before', 'blog', 'later']);
  });
});

/** A receiver whose messages say which alerts fire. */
function hookOf(url: string): string {
  return `- name: slack\n    webhook_configs:\n      - url: ${url}/people\n\n`;
}
