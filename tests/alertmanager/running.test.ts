import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startHttpDouble, type HttpDouble } from './http-double.ts';
import { alertmanagers } from './programs.ts';
import { startAlertmanager, type RunningAlertmanager, type ShownAlert } from './running-alertmanager.ts';

interface Delivered {
  readonly alerts: readonly { labels: Record<string, string> }[];
}

const down = { alertname: 'HostDown', severity: 'page', instance: 'web1', host: 'web1' };

describe.each(alertmanagers)('Alertmanager $generation', (generation) => {
  let remediator: HttpDouble;
  let alertmanager: RunningAlertmanager;

  beforeEach(async () => {
    remediator = await startHttpDouble();
    alertmanager = await startAlertmanager(generation, {
      edit: (text) => text.replace('http://remediator:9841', remediator.url),
      secrets: { webhook_token: 'the-token' },
    });
  });

  afterEach(async () => {
    await alertmanager.stop();
    await remediator.stop();
  });

  test('hands each alert to the remediator at once, by itself and with the token', async () => {
    const alerts = ['blog', 'shop'].map((instance) => ({ alertname: 'SiteDown', instance, host: 'web1' }));
    await alertmanager.fire(...alerts);
    await waitUntil(() => remediator.received.length === 2, { what: 'both deliveries' });
    const instances = remediator.received.map(({ body }) =>
      (body as Delivered).alerts.map(({ labels }) => labels['instance']),
    );
    expect(instances.sort()).toEqual([['blog'], ['shop']]);
    for (const { path, authorization, body } of remediator.received) {
      expect(path).toBe('/webhook');
      expect(authorization).toBe('Bearer the-token');
      expect(body).toMatchObject({ version: '4', receiver: 'remediator' });
    }
  });

  /** Fires alerts, and returns which of them are held back and which are not. */
  async function fired(...alerts: readonly Readonly<Record<string, string>>[]) {
    await alertmanager.fire(...alerts);
    const known = async () => (await alertmanager.alerts()).length === alerts.length;
    await waitUntil(known, { what: 'all alerts to be known' });
    const shown = await alertmanager.alerts();
    return {
      heldBack: shown.filter(isInhibited).map(nameOf).sort(),
      heard: shown
        .filter((alert) => !isInhibited(alert))
        .map(nameOf)
        .sort(),
    };
  }

  test('keeps quiet about what stands on a host that is down, and about nothing else', async () => {
    const { heldBack, heard } = await fired(
      down,
      { alertname: 'SiteDown', instance: 'blog', host: 'web1' },
      { alertname: 'ServiceDown', instance: 'web1', host: 'web1', name: 'nginx' },
      { alertname: 'CollectorFailing', instance: 'web1', host: 'web1', collector: 'services' },
      { alertname: 'BotDown', instance: 'btc', host: 'web1' },
      { alertname: 'SiteDown', instance: 'shop', host: 'web2' },
      { ...down, instance: 'web2', host: 'web2' },
      { alertname: 'SiteDown', instance: 'other', host: 'web3' },
      { alertname: 'JobLate', instance: 'backup' },
      { alertname: 'ExporterDown' },
      { alertname: 'Watchdog' },
    );
    expect(heldBack).toEqual([
      'BotDown btc',
      'CollectorFailing web1',
      'ServiceDown web1',
      'SiteDown blog',
      'SiteDown shop',
    ]);
    expect(heard).toEqual([
      'ExporterDown ',
      'HostDown web1',
      'HostDown web2',
      'JobLate backup',
      'SiteDown other',
      'Watchdog ',
    ]);
  });

  test('a cause keeps quiet what it explains about the same thing, and nothing about another', async () => {
    const at = { host: 'web1', instance: 'blog' };
    const { heldBack, heard } = await fired(
      { alertname: 'WordPressPluginBreaksSite', slug: 'akismet', ...at },
      { alertname: 'SiteDown', ...at },
      { alertname: 'SiteDown', ...at, instance: 'shop' },
      { alertname: 'DatabaseDown', ...at, instance: 'shop' },
      { alertname: 'WordPressDown', ...at, instance: 'shop' },
      { alertname: 'ServiceDown', ...at, instance: 'web1', name: 'mariadb' },
      { alertname: 'DiskAlmostFull', ...at, instance: 'web1', mountpoint: '/' },
      { alertname: 'DiskFillsSoon', ...at, instance: 'web1', mountpoint: '/' },
      { alertname: 'DiskFillsSoon', ...at, instance: 'web1', mountpoint: '/srv' },
      { alertname: 'RemediatorDown' },
      { alertname: 'NotificationsFailing', instance: 'am', integration: 'webhook' },
      { alertname: 'NotificationsFailing', instance: 'am', integration: 'slack' },
      { alertname: 'BotDown', instance: 'btc' },
      { alertname: 'BotDrawdown', instance: 'btc' },
      { alertname: 'BotDrawdown', instance: 'eth' },
      { alertname: 'BotStalled', instance: 'eth' },
      { alertname: 'BotCandlesStale', instance: 'eth' },
      { alertname: 'BotNotTrading', instance: 'eth' },
      { alertname: 'BotStoppedWithTrades', instance: 'btc' },
      { alertname: 'BotStoppedWithTrades', instance: 'ada' },
      { alertname: 'BotNotTrading', instance: 'ada' },
      { alertname: 'BotStoppedItself', instance: 'dot' },
      { alertname: 'BotNotTrading', instance: 'dot' },
      { alertname: 'DiskFull', ...at, instance: 'web1', mountpoint: '/var' },
      { alertname: 'DiskAlmostFull', ...at, instance: 'web1', mountpoint: '/var' },
      { alertname: 'InodesAlmostUsed', ...at, instance: 'web1', mountpoint: '/var' },
      { alertname: 'InodesUsedSoon', ...at, instance: 'web1', mountpoint: '/var' },
      { alertname: 'SiteServerErrors', ...at, instance: 'shop' },
      { alertname: 'SiteErrorBudgetBurnsFast', ...at, instance: 'shop' },
      { alertname: 'SiteRedirectsAway', ...at, instance: 'shop' },
      { alertname: 'WordPressPartNotRead', ...at, instance: 'shop' },
      { alertname: 'SiteSlow', ...at, instance: 'other' },
    );
    expect(heldBack).toEqual([
      'BotCandlesStale eth',
      'BotDrawdown btc',
      'BotNotTrading ada',
      'BotNotTrading dot',
      'BotNotTrading eth',
      'BotStoppedWithTrades btc',
      'DiskAlmostFull web1',
      'DiskFillsSoon web1',
      'InodesUsedSoon web1',
      'NotificationsFailing am',
      'SiteDown blog',
      'SiteServerErrors shop',
      'WordPressDown shop',
      'WordPressPartNotRead shop',
    ]);
    expect(heard).toEqual([
      'BotDown btc',
      'BotDrawdown eth',
      'BotStalled eth',
      'BotStoppedItself dot',
      'BotStoppedWithTrades ada',
      'DatabaseDown shop',
      'DiskAlmostFull web1',
      'DiskFillsSoon web1',
      'DiskFull web1',
      'InodesAlmostUsed web1',
      'NotificationsFailing am',
      'RemediatorDown ',
      'ServiceDown web1',
      'SiteDown shop',
      'SiteErrorBudgetBurnsFast shop',
      'SiteRedirectsAway shop',
      'SiteSlow other',
      'WordPressPluginBreaksSite blog',
    ]);
  });

  test('a host that is down without a name mutes nothing', async () => {
    const { heldBack } = await fired({ alertname: 'HostDown' }, { alertname: 'ExporterDown' });
    expect(heldBack).toEqual([]);
  });
});

function isInhibited(alert: ShownAlert): boolean {
  return alert.status.inhibitedBy.length > 0;
}

function nameOf({ labels }: ShownAlert): string {
  return `${labels['alertname'] ?? ''} ${labels['instance'] ?? ''}`;
}
