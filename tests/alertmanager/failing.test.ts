import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startHttpDouble, type HttpDouble } from './http-double.ts';
import { alertmanagers, newest } from './programs.ts';
import { startAlertmanager, type RunningAlertmanager } from './running-alertmanager.ts';
import { turnOn } from './turn-on.ts';

describe.each(alertmanagers)('a secret that is missing, with Alertmanager $generation', (generation) => {
  let remediator: HttpDouble;
  let alertmanager: RunningAlertmanager;

  beforeEach(async () => {
    remediator = await startHttpDouble();
    alertmanager = await startAlertmanager(generation, {
      edit: (text) =>
        turnOn(text, { people: 'slack' })
          .replace('http://remediator:9841', remediator.url)
          .replace('group_wait: 1m', 'group_wait: 1s'),
      secrets: { webhook_token: 'the-token' },
    });
  });
  afterEach(async () => {
    await alertmanager.stop();
    await remediator.stop();
  });

  test('is named in the log and counted for NotificationsFailing; the remediator is told all the same', async () => {
    const failures = (integration: string) =>
      alertmanager.metric('alertmanager_notifications_failed_total', `integration="${integration}"`);
    expect(await failures('slack')).toBe(0);
    await alertmanager.fire({ alertname: 'SiteDown', severity: 'page', instance: 'blog', host: 'web1' });
    await waitUntil(async () => (await failures('slack')) > 0, { what: 'the failure to be counted' });
    expect(await failures('webhook')).toBe(0);
    expect(remediator.received).toHaveLength(1);
    expect(alertmanager.logTail()).toMatch(/notify.*secrets\/notify\/slack_url: no such file/i);
  });
});

describe('Telegram, where it refuses', () => {
  let telegram: HttpDouble;
  let alertmanager: RunningAlertmanager;
  afterEach(async () => {
    await alertmanager.stop();
    await telegram.stop();
  });

  test('its answer is in the log, and the token is not', async () => {
    telegram = await startHttpDouble();
    alertmanager = await startAlertmanager(newest, {
      edit: (text) =>
        turnOn(text, { people: 'telegram' })
          .replace('http://remediator:9841', telegram.url)
          .replace('group_wait: 1m', 'group_wait: 1s')
          .replace('parse_mode: HTML', `parse_mode: HTML\n        api_url: ${telegram.url}/refusing`),
      secrets: {
        webhook_token: 'the-token',
        'notify/telegram_token': '123:SECRET',
        'notify/telegram_chat': '1',
      },
    });
    await alertmanager.fire({ alertname: 'SiteDown', severity: 'page', instance: 'blog', host: 'web1' });
    await waitUntil(() => alertmanager.logTail().includes('chat not found'), {
      what: 'the answer in the log',
    });
    expect(telegram.receivedAt('/refusing')[0]?.path).toContain('123:SECRET');
    expect(alertmanager.logTail()).not.toContain('SECRET');
  });
});
