import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startMetricsPage } from '../../helpers/metrics-page.ts';
import { startTestPrometheus } from '../../helpers/prometheus.ts';
import { startRecordingHost, type RecordingHost } from '../../remediator/process/recording-host.ts';
import type { RunningRemediator } from '../../remediator/process/running-remediator.ts';
import { numberedAlert } from './load.ts';
import { startOurs, type Receiver } from './receivers.ts';

/** Sites that are all broken, on two hosts, and what heals them: the remediator, a real Prometheus, and a real sshd. */
export interface BrokenSites extends AsyncDisposable {
  readonly receiver: Receiver & { readonly remediator: RunningRemediator };
  readonly host: RecordingHost;
  /** The file of the journal. */
  readonly journal: string;
}

/** With three hosts it would be a mass failure, and nothing would be started. */
const HOSTS = ['web-0', 'web-1'];

const RULES = `
groups:
  - name: bench
    rules:
      - { alert: BenchAlert, expr: 'bench_violations > 0', labels: { severity: warning } }
`;

/** Starts it all in a folder of its own; the alerts of the sites are the first numbered ones. */
export async function startBrokenSites(folder: string, sites: number): Promise<BrokenSites> {
  await mkdir(folder);
  await using starting = new AsyncDisposableStack();
  const page = await startMetricsPage();
  starting.defer(() => page.stop());
  const alerts = Array.from({ length: sites }, (_item, number) => numberedAlert(number).labels);
  for (const { instance, host, job } of alerts) {
    page.set(`bench_violations{instance="${instance}",host="${host}",job="${job}"}`, 1);
  }
  const prometheus = await startTestPrometheus(join(folder, 'prometheus'), page.port, RULES);
  starting.defer(() => prometheus.stop());
  const host = await startRecordingHost(join(folder, 'host'));
  starting.defer(() => host.stop());
  await prometheus.untilTrue(`count(bench_violations) == ${sites}`);
  const receiver = await startOurs(folder, inventory(alerts, prometheus.url, host));
  starting.defer(() => receiver.process.stop());
  const started = starting.move();
  return {
    receiver,
    host,
    journal: join(folder, 'data/remediator/journal.sqlite'),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

function inventory(
  alerts: readonly { readonly instance: string; readonly host: string }[],
  prometheusUrl: string,
  host: RecordingHost,
): object {
  const sites = alerts.map(({ instance, host: id }): [string, object] => {
    const url = `https://${instance}.example`;
    return [instance, { host: id, url, path: `/var/www/${instance}`, owner: 'www-data' }];
  });
  const policy = {
    name: 'bench',
    match: ['alertname="BenchAlert"'],
    action: 'wordpress.fix-permissions',
    mode: 'auto',
    guard: ['bench_violations{instance="$target"} > 0'],
    verify: { query: 'sum(bench_violations{instance="$target"}) > 0', samples: 1, within: '10s' },
    cooldown: '1h',
  };
  return {
    hosts: Object.fromEntries(HOSTS.map((id) => [id, host.entry])),
    sites: Object.fromEntries(sites),
    policies: [policy],
    prometheus: { url: prometheusUrl },
    exporter: { url: 'http://127.0.0.1:1' },
  };
}
