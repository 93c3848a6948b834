import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startAllReceivers, type AllReceivers, type Messages } from './all-receivers.ts';
import type { ReportedAlert } from './running-alertmanager.ts';

let all: AllReceivers;
afterEach(() => all.stop());

/** Waits for a message by its number, counted from 0. */
function arrived(index: number): Promise<Messages> {
  return waitUntil(() => all.message(index), {
    what: `message ${index} to have arrived everywhere`,
    explain: () => all.alertmanager.logTail(),
  });
}

/** An alert as the rules make it; it began at 10:03 on the second of January. */
function alert(
  labels: Readonly<Record<string, string>>,
  summary: string,
  description: string,
): ReportedAlert {
  const { alertname = '', instance = '' } = labels;
  return {
    labels,
    annotations: {
      summary,
      description,
      first_step: `look at it: ${description}`,
      runbook_url: `http://127.0.0.1:9841/runbooks/${alertname}`,
      dashboard_url: `http://127.0.0.1:3000/d/steward-command-center?var-instance=${instance}`,
    },
    startsAt: '2025-01-02T10:03:00.000Z',
  };
}
const over = (one: ReportedAlert): ReportedAlert => ({ ...one, endsAt: '2025-01-02T10:08:30.000Z' });

const siteDown = (instance: string) =>
  alert(
    { alertname: 'SiteDown', severity: 'page', instance, host: 'web1' },
    `${instance} does not answer as it should`,
    `The last HTTP probe of ${instance} on web1 failed.`,
  );

const hostile =
  '<b>bold</b> *bold* _it_ `code` [link](http://evil.example/) <http://evil.example/|ok> <!channel> @everyone & "quoted"\r\nSubject: new\n\n# heading \u202Ereversed\u202C';

/** The messages as a person reads them. Which minute it is now is left out. */
function asText({ telegram, slack, discord, email }: Messages): string {
  const [attachment] = slack.attachments;
  const [embed] = discord.embeds;
  return [
    '== Telegram',
    telegram.text,
    `== Slack (${attachment?.color ?? ''})`,
    attachment?.title,
    attachment?.text,
    '== Discord',
    embed?.title,
    embed?.description,
    '== mail',
    email.subject,
    '',
    email.text.replaceAll('\r', ''),
    '== mail in HTML',
    email.html.replaceAll('\r', ''),
    '',
  ]
    .join('\n')
    .replaceAll(/since (?!2 Jan 10:03 UTC)\d{1,2} [A-Z][a-z]{2} \d\d:\d\d UTC/g, 'since <now>');
}

/** Compares with a file below golden/; with STEWARD_UPDATE_GOLDEN=1 it is written instead. */
async function expectGolden(messages: Messages, name: string): Promise<void> {
  const file = path.join(import.meta.dirname, 'golden', `${name}.txt`);
  if (process.env['STEWARD_UPDATE_GOLDEN'] === '1') await writeFile(file, asText(messages));
  expect(asText(messages)).toBe(await readFile(file, 'utf8'));
}

describe('the message of one alert', () => {
  beforeEach(async () => {
    all = await startAllReceivers('0s');
  });

  test('says what, where, since when and what Steward does; and how long it lasted when it is over', async () => {
    await all.alertmanager.report(siteDown('blog'));
    await expectGolden(await arrived(0), 'one');
    await all.alertmanager.report(over(siteDown('blog')));
    await expectGolden(await arrived(1), 'one-over');
  });

  test('says what the policy that answers it does', async () => {
    const labels = {
      alertname: 'ServiceDown',
      severity: 'ticket',
      instance: 'web1',
      host: 'web1',
      name: 'nginx',
    };
    const { annotations, ...rest } = alert(
      labels,
      'nginx is not running on web1',
      'systemd says that nginx on web1 is not running.',
    );
    await all.alertmanager.report({
      ...rest,
      annotations: { ...annotations, policy: 'restart-service auto' },
    });
    await expectGolden(await arrived(0), 'healed');
  });

  test('does without annotations and host, as an alert of the operator may be', async () => {
    const labels = { alertname: 'Own', instance: 'x' };
    await all.alertmanager.report({ ...siteDown('blog'), labels, annotations: {} });
    await expectGolden(await arrived(0), 'own');
  });

  test('shows hostile values as they are, in one line', async () => {
    const labels = { alertname: 'SiteDown', severity: 'page', instance: hostile, host: hostile };
    await all.alertmanager.report(alert(labels, `${hostile} is down`, `${hostile} is down. `.repeat(200)));
    await expectGolden(await arrived(0), 'hostile');
  });

  test('arrives with the secrets and settings of each service', async () => {
    await all.alertmanager.report(siteDown('blog'));
    const { telegram, email, webhook } = await arrived(0);
    expect(all.http.receivedAt('/telegram')[0]?.path).toBe('/telegram/bot123:ABC/sendMessage');
    expect(telegram).toMatchObject({ chat_id: '-100123', parse_mode: 'HTML' });
    expect(all.smtp.received[0]).toMatchObject({
      login: 'steward@example.com:the password',
      to: ['you@example.com'],
    });
    expect(email).toMatchObject({ from: 'steward@example.com', to: 'you@example.com' });
    expect(webhook).toMatchObject({ version: '4', receiver: 'all', alerts: [{ status: 'firing' }] });
  });
});

describe('the message of many alerts', () => {
  beforeEach(async () => {
    all = await startAllReceivers('5s');
  });

  /** So that all of them wait for one message. */
  function justBegun(one: ReportedAlert): ReportedAlert {
    return { ...one, startsAt: new Date(Date.now() - 1000).toISOString() };
  }
  function justOver(one: ReportedAlert): ReportedAlert {
    const now = Date.now();
    return {
      ...one,
      startsAt: new Date(now - 1100).toISOString(),
      endsAt: new Date(now - 100).toISOString(),
    };
  }

  test('lists the first ones, and says how many more there are', async () => {
    const sites = Array.from({ length: 30 }, (_nothing, index) => `site${String(index).padStart(2, '0')}`);
    await all.alertmanager.report(...sites.map(siteDown).map(justBegun));
    await expectGolden(await arrived(0), 'thirty');
  });

  test('says which are over', async () => {
    await all.alertmanager.report(
      ...['blog', 'shop'].map(siteDown).map(justBegun),
      ...['forum', 'wiki'].map(siteDown).map(justOver),
    );
    await expectGolden(await arrived(0), 'some-over');
  });

  test.each(['&', '\\', '😀'])(
    'is taken by each service, even when it is as long as %s can make it',
    async (one) => {
      const long = one.repeat(5000);
      const alerts = Array.from({ length: 60 }, (_nothing, index) => {
        const labels = { alertname: 'SiteDown', severity: 'page', instance: `${index}`, host: long };
        return alert(labels, `${index}${long}`, long);
      });
      await all.alertmanager.report(...alerts.slice(30).map(justBegun), ...alerts.slice(0, 30).map(justOver));
      const { telegram, slack, discord, email } = await arrived(0);
      // Alertmanager counts the tags, too, and Telegram does not. https://core.telegram.org/bots/api#sendmessage
      expect(Array.from(telegram.text).length).toBeLessThan(4096);
      expect(telegram.text).toContain('and 25 more that are over');
      expect(slack.attachments[0]?.text).toContain('and 20 more that are over');
      expect(Array.from(discord.embeds[0]?.description ?? '').length).toBeLessThan(4096);
      expect(discord.embeds[0]?.description).toContain('[Dashboard](');
      expect(email.text).toContain('and 10 more that are over');
    },
  );
});
