import { describe, expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { alertmanagers, shippedConfiguration } from './programs.ts';

describe.each(alertmanagers)('amtool $generation', ({ amtool }) => {
  test('takes the shipped configuration', async () => {
    const { stdout } = await runCommand([amtool, 'check-config', shippedConfiguration]);
    expect(stdout).toContain('SUCCESS');
  });

  test.each([
    { alert: ['alertname=Watchdog', 'severity=none'], receivers: 'watchdog' },
    {
      alert: ['alertname=SiteDown', 'severity=page', 'instance=blog', 'host=web1'],
      receivers: 'remediator,people',
    },
    { alert: ['alertname=WordPressPermissionsDrifted', 'severity=ticket'], receivers: 'remediator,people' },
    { alert: ['alertname=ExporterDown', 'severity=page'], receivers: 'remediator,people' },
    { alert: ['alertname=OneOfYourOwn'], receivers: 'remediator,people' },
  ])('sends $alert.0 to $receivers', async ({ alert, receivers }) => {
    const { stdout } = await runCommand([
      amtool,
      'config',
      'routes',
      'test',
      `--config.file=${shippedConfiguration}`,
      ...alert,
    ]);
    expect(stdout.trim()).toBe(receivers);
  });
});
