import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { startMetricsPage, type MetricsPage } from '../../helpers/metrics-page.ts';
import { startTestPrometheus, type TestPrometheus } from '../../helpers/prometheus.ts';
import { makeAlert } from '../alerts.ts';
import { startRecordingHost, type RecordingHost } from './recording-host.ts';
import { startRemediator, type RemediatorOptions, type RunningRemediator } from './running-remediator.ts';

const RULES = `
groups:
  - name: test
    rules:
      - alert: WordPressPermissionsDrifted
        expr: sum by (instance, host, job) (wordpress_path_permission_violations) > 0
      - alert: BotStalled
        expr: bot_stalled > 0
`;
/** Series on the page that the tests change. */
export const violations = 'wordpress_path_permission_violations{instance="blog",host="web1",job="site"}';
/** Whether the site answers. */
export const probe = 'probe_success{instance="blog",host="web1",job="site"}';
/** Whether the host answers. */
export const hostUp = 'host_up{instance="web1"}';
/** Whether the loop of a bot stands still; nobody says so where it is not set. */
export const stalled = 'bot_stalled{instance="trend",host="web1",job="bot"}';
/** The alert of that. */
export const botAlert = makeAlert(
  { alertname: 'BotStalled', instance: 'trend', host: 'web1', job: 'bot' },
  { fingerprint: 'c3' },
);
/** The alert that Prometheus has, and its end. */
export const alert = makeAlert({
  alertname: 'WordPressPermissionsDrifted',
  instance: 'blog',
  host: 'web1',
  job: 'site',
});
export const resolved = { ...alert, status: 'resolved' as const };

/** A remediator between a real Prometheus, which has a drifted site, and a real sshd, which records what is sent. */
export class Stage {
  folder!: TempFolder;
  page!: MetricsPage;
  prometheus!: TestPrometheus;
  host!: RecordingHost;
  remediator: RunningRemediator | undefined;

  async open(rules = RULES, moreConfiguration = ''): Promise<void> {
    this.folder = await createTempFolder('steward-remediator');
    this.page = await startMetricsPage();
    const folder = join(this.folder.path, 'prometheus');
    this.prometheus = await startTestPrometheus(folder, this.page.port, rules, moreConfiguration);
    this.host = await startRecordingHost(join(this.folder.path, 'host'));
  }

  async close(): Promise<void> {
    await this.host.stop();
    await this.prometheus.stop();
    await this.page.stop();
    await this.folder.remove();
  }

  /** The site drifts, and is up, and so is its host. */
  async reset(): Promise<void> {
    this.page.set(hostUp, 1);
    this.page.set(probe, 1);
    this.page.set(violations, 2);
    await this.prometheus.untilTrue(`${violations} == 2 and ${probe} == 1 and on() ${hostUp} == 1`);
  }

  async leave(): Promise<void> {
    await this.remediator?.process.stop();
    this.remediator = undefined;
    await this.host.letGo();
    await this.host.forget();
  }

  /** Sets a series, and waits until Prometheus has it. */
  async show(series: string, value: number): Promise<void> {
    this.page.set(series, value);
    await this.prometheus.untilTrue(`${series} == ${value}`);
  }

  inventory(change: object = {}): object {
    const site = { host: 'web1', url: 'https://blog.example', path: '/var/www/blog', owner: 'www-data' };
    const query = 'sum(wordpress_path_permission_violations{instance="$target"}) == 0';
    const verify = { query, samples: 2, within: '3s' };
    return {
      hosts: { web1: this.host.entry },
      sites: { blog: site },
      policies: [{ name: 'fix-permissions', mode: 'auto', cooldown: '3s', verify }],
      prometheus: { url: this.prometheus.url },
      // No exporter can be asked to read again: that holds nothing up.
      exporter: { url: 'http://127.0.0.1:1' },
      ...change,
    };
  }

  /** Starts a remediator with a journal of its own. */
  async start(change: Partial<RemediatorOptions> = {}): Promise<RunningRemediator> {
    const folder = join(this.folder.path, 'remediator');
    await rm(folder, { recursive: true, force: true });
    this.remediator = await startRemediator({ folder, inventory: this.inventory(), ...change });
    return this.remediator;
  }

  /** Ends the remediator as a lost machine would, without a word. */
  async kill(): Promise<void> {
    this.remediator?.process.kill('SIGKILL');
    await this.remediator?.process.ended;
  }

  async restart(prefix?: readonly string[]): Promise<RunningRemediator> {
    if (this.remediator === undefined) throw new Error('none was started');
    this.remediator = await this.remediator.restart(prefix);
    return this.remediator;
  }
}

/** Sets a stage up for the tests of a file. */
export function useStage(): Stage {
  const stage = new Stage();
  beforeAll(() => stage.open());
  afterAll(() => stage.close());
  beforeEach(() => stage.reset());
  afterEach(() => stage.leave());
  return stage;
}
