import { afterEach, expect, test } from '@jest/globals';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startHttpDouble, type HttpDouble } from './http-double.ts';
import { newest } from './programs.ts';
import { startAlertmanager, type RunningAlertmanager } from './running-alertmanager.ts';
import { turnOn } from './turn-on.ts';

let slack: HttpDouble;
let alertmanager: RunningAlertmanager;
afterEach(async () => {
  await alertmanager.stop();
  await slack.stop();
});

/** Starts Alertmanager with another time of night, and fires a page and a ticket. */
async function fireInNight(night: string): Promise<void> {
  slack = await startHttpDouble();
  alertmanager = await startAlertmanager(newest, {
    edit(text) {
      const edited = text.replace(/- times: .*/, `- ${night}`);
      expect(edited).toContain(night);
      return turnOn(edited, { people: 'slack' })
        .replace('http://remediator:9841', slack.url)
        .replace('group_wait: 1m', 'group_wait: 1s');
    },
    secrets: { webhook_token: 'the-token', 'notify/slack_url': `${slack.url}/slack` },
  });
  await alertmanager.fire(
    { alertname: 'ServiceDown', severity: 'ticket', instance: 'web1', host: 'web1' },
    { alertname: 'SiteDown', severity: 'page', instance: 'blog', host: 'web1' },
    { alertname: 'OneOfYourOwn', instance: 'x' },
  );
}

/** The titles of the messages that arrived. */
function titles(): string[] {
  return slack
    .receivedAt('/slack')
    .map(({ body }) => (body as { attachments: { title: string }[] }).attachments[0]?.title ?? '')
    .sort();
}

test('in the night only a page is sent', async () => {
  await fireInNight(`times: [{ start_time: '00:00', end_time: '24:00' }]`);
  const mutedCount = () =>
    alertmanager.metric('alertmanager_notifications_suppressed_total', 'reason="mute_time_interval"');
  await waitUntil(async () => (await mutedCount()) >= 2 && titles().length > 0, {
    what: 'one message, and two that are not sent',
  });
  expect(titles()).toEqual(['🔴 SiteDown blog']);
});

test('by day a ticket is sent, too, and so is an alert without a severity', async () => {
  await fireInNight(`years: ['1999']`);
  await waitUntil(() => titles().length === 3, { what: 'three messages' });
  expect(titles()).toEqual(['🔴 SiteDown blog', '🟠 OneOfYourOwn x', '🟠 ServiceDown web1'].sort());
});
