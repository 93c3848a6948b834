import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { alertmanagers } from './programs.ts';
import { startAlertmanager, type RunningAlertmanager, type ShownAlert } from './running-alertmanager.ts';

interface Delivery {
  readonly authorization: string | undefined;
  readonly body: { version: string; receiver: string; alerts: { labels: Record<string, string> }[] };
}

const down = { alertname: 'HostDown', severity: 'page', instance: 'web1', host: 'web1' };

describe.each(alertmanagers)('Alertmanager $generation', ({ server }) => {
  let remediator: Server;
  let alertmanager: RunningAlertmanager;
  const deliveries: Delivery[] = [];

  beforeEach(async () => {
    deliveries.length = 0;
    remediator = createServer((request, response) => {
      void json(request).then((body) => {
        deliveries.push({
          authorization: request.headers.authorization,
          body: body as Delivery['body'],
        });
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(remediator, 'listening');
    const address = remediator.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    const webhook = `http://127.0.0.1:${address.port}/webhook`;
    alertmanager = await startAlertmanager(server, { webhook, token: 'the-token' });
  });

  afterEach(async () => {
    remediator.closeAllConnections();
    remediator.close();
    await alertmanager.stop();
  });

  test('hands each alert to the remediator at once, by itself and with the token', async () => {
    const alerts = ['blog', 'shop'].map((instance) => ({ alertname: 'SiteDown', instance, host: 'web1' }));
    await alertmanager.fire(...alerts);
    await waitUntil(() => deliveries.length === 2, { what: 'both deliveries' });
    expect(deliveries.map(({ body }) => body.alerts.map(({ labels }) => labels['instance'])).sort()).toEqual([
      ['blog'],
      ['shop'],
    ]);
    for (const { authorization, body } of deliveries) {
      expect(authorization).toBe('Bearer the-token');
      expect(body).toMatchObject({ version: '4', receiver: 'remediator' });
    }
  });

  test('keeps quiet about what stands on a host that is down, and about nothing else', async () => {
    await alertmanager.fire(
      down,
      { alertname: 'SiteDown', instance: 'blog', host: 'web1' },
      { alertname: 'ServiceDown', instance: 'web1', host: 'web1', name: 'nginx' },
      { alertname: 'CollectorFailing', instance: 'web1', host: 'web1', collector: 'services' },
      { alertname: 'SiteDown', instance: 'shop', host: 'web2' },
      { ...down, instance: 'web2', host: 'web2' },
      { alertname: 'SiteDown', instance: 'other', host: 'web3' },
      { alertname: 'ExporterDown' },
      { alertname: 'Watchdog' },
    );
    await waitUntil(async () => (await alertmanager.alerts()).length === 9, {
      what: 'all alerts to be known',
    });
    const shown = await alertmanager.alerts();
    const [muted, heard] = [shown.filter(isInhibited), shown.filter((alert) => !isInhibited(alert))];
    expect(muted.map(nameOf).sort()).toEqual([
      'CollectorFailing web1',
      'ServiceDown web1',
      'SiteDown blog',
      'SiteDown shop',
    ]);
    expect(heard.map(nameOf).sort()).toEqual([
      'ExporterDown ',
      'HostDown web1',
      'HostDown web2',
      'SiteDown other',
      'Watchdog ',
    ]);
  });

  test('a host that is down without a name mutes nothing', async () => {
    await alertmanager.fire({ alertname: 'HostDown' }, { alertname: 'ExporterDown' });
    await waitUntil(() => deliveries.length === 2, { what: 'both deliveries' });
    expect((await alertmanager.alerts()).filter(isInhibited)).toEqual([]);
  });
});

function isInhibited(alert: ShownAlert): boolean {
  return alert.status.inhibitedBy.length > 0;
}

function nameOf({ labels }: ShownAlert): string {
  return `${labels['alertname'] ?? ''} ${labels['instance'] ?? ''}`;
}
