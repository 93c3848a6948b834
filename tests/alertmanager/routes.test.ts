import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { alertmanagers, shippedConfiguration } from './programs.ts';

const run = promisify(execFile);

describe.each(alertmanagers)('amtool $generation', ({ amtool }) => {
  test('takes the shipped configuration', async () => {
    const { stdout } = await run(amtool, ['check-config', shippedConfiguration]);
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
    const { stdout } = await run(amtool, [
      'config',
      'routes',
      'test',
      `--config.file=${shippedConfiguration}`,
      ...alert,
    ]);
    expect(stdout.trim()).toBe(receivers);
  });
});
