import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startHttpDouble, type HttpDouble, type Received } from './http-double.ts';
import { alertmanagers } from './programs.ts';
import { startAlertmanager, type RunningAlertmanager } from './running-alertmanager.ts';
import { turnOn } from './turn-on.ts';

const PING = '/0b1f4c5e-ping';

describe.each(alertmanagers)("the dead-man's switch, with Alertmanager $generation", (generation) => {
  let outside: HttpDouble;
  let alertmanager: RunningAlertmanager;

  beforeEach(async () => {
    outside = await startHttpDouble();
    alertmanager = await startAlertmanager(generation, {
      edit: (text) =>
        turnOn(text, { people: 'slack', watchdog: true })
          .replace('http://remediator:9841', outside.url)
          .replace('http://127.0.0.1:9/', `${outside.url}${PING}`)
          .replace(
            'group_interval: 1m\n      repeat_interval: 4m',
            'group_interval: 1s\n      repeat_interval: 1s',
          )
          .replace('group_wait: 1m', 'group_wait: 1s'),
      secrets: {
        webhook_token: 'the-token',
        'notify/slack_url': `${outside.url}/slack`,
        'notify/watchdog_url': `${outside.url}${PING}\n`,
      },
    });
  });
  afterEach(async () => {
    await alertmanager.stop();
    await outside.stop();
  });

  test('starts without a warning', () => {
    expect(alertmanager.logTail()).not.toMatch(/level=(warn|error)/i);
  });

  test('hears of Watchdog again and again, and of nothing else; nobody else hears of it', async () => {
    await alertmanager.fire(
      { alertname: 'Watchdog', severity: 'none' },
      { alertname: 'SiteDown', severity: 'page', instance: 'blog', host: 'web1' },
    );
    const pings = () => outside.receivedAt(PING);
    await waitUntil(() => pings().length >= 3 && outside.receivedAt('/slack').length > 0, {
      what: 'three pings and a message',
    });
    expect(new Set(pings().flatMap(alertnames))).toEqual(new Set(['Watchdog']));
    expect(new Set(outside.receivedAt('/webhook').flatMap(alertnames))).toEqual(new Set(['SiteDown']));
    for (const { body } of outside.receivedAt('/slack'))
      expect(JSON.stringify(body)).not.toContain('Watchdog');
  });
});

function alertnames({ body }: Received): (string | undefined)[] {
  return (body as { alerts: { labels: Record<string, string> }[] }).alerts.map(
    ({ labels }) => labels['alertname'],
  );
}
