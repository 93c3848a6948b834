import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { alertmanagers } from './programs.ts';
import { turnOn } from './turn-on.ts';

describe.each(alertmanagers)('amtool $generation', ({ amtool, configuration, ways }) => {
  let folder: TempFolder;
  let turnedOn: string;

  beforeEach(async () => {
    folder = await createTempFolder('steward-routes');
    turnedOn = path.join(folder.path, 'alertmanager.yml');
    await turn('email');
  });
  afterEach(() => folder.remove());

  async function turn(people: string): Promise<void> {
    await writeFile(turnedOn, turnOn(await readFile(configuration, 'utf8'), { people, watchdog: true }));
  }

  async function receivers(file: string, alert: readonly string[]): Promise<string> {
    const argv = [amtool, 'config', 'routes', 'test', `--config.file=${file}`, ...alert] as const;
    const { stdout } = await runCommand(argv);
    return stdout.trim();
  }

  test('takes the shipped configuration and its templates', async () => {
    const { stdout } = await runCommand([amtool, 'check-config', configuration]);
    expect(stdout).toContain('SUCCESS');
    expect(stdout).toContain(' - 1 templates\n');
  });

  test('as shipped, nobody but the remediator is told', async () => {
    expect(await receivers(configuration, ['alertname=Watchdog', 'severity=none'])).toBe('nobody');
    expect(await receivers(configuration, ['alertname=SiteDown', 'severity=page'])).toBe('remediator,nobody');
  });

  test.each([
    { alert: ['alertname=Watchdog', 'severity=none'], expected: 'watchdog' },
    {
      alert: ['alertname=SiteDown', 'severity=page', 'instance=blog', 'host=web1'],
      expected: 'remediator,email',
    },
    { alert: ['alertname=WordPressPermissionsDrifted', 'severity=ticket'], expected: 'remediator,email' },
    { alert: ['alertname=ExporterDown', 'severity=page'], expected: 'remediator,email' },
    { alert: ['alertname=AnomalyDetected', 'severity=context'], expected: 'remediator,nobody' },
    {
      alert: ['alertname=StewardDrill', 'severity=drill', 'instance=web1', 'host=web1'],
      expected: 'remediator,nobody',
    },
    {
      alert: ['alertname=DrillLate', 'severity=ticket', 'instance=web1', 'host=web1'],
      expected: 'remediator,email',
    },
    { alert: ['alertname=OneOfYourOwn'], expected: 'remediator,email' },
  ])('turned on, sends $alert.0 to $expected', async ({ alert, expected }) => {
    expect(await receivers(turnedOn, alert)).toBe(expected);
  });

  test('tickets can be told by another way than pages', async () => {
    const text = await readFile(turnedOn, 'utf8');
    await writeFile(
      turnedOn,
      text.replace('mute_time_intervals:', 'receiver: slack\n          mute_time_intervals:'),
    );
    expect(await receivers(turnedOn, ['alertname=SiteDown', 'severity=page'])).toBe('remediator,email');
    expect(await receivers(turnedOn, ['alertname=ServiceDown', 'severity=ticket'])).toBe('remediator,slack');
  });

  test.each(ways)('people can be told by %s', async (way) => {
    await turn(way);
    expect(await receivers(turnedOn, ['alertname=SiteDown', 'severity=page'])).toBe(`remediator,${way}`);
  });
});
