/** What a load generator is to send. */
export interface Load {
  /** Where on 127.0.0.1 the webhooks go. */
  readonly port: number;
  readonly path: string;
  /** The value of the header Authorization. */
  readonly authorization: string;
  /** How many connections are open at the same time; each has one request under way at most. */
  readonly connections: number;
  /** Alerts are numbered: the first number, and after how many the first comes again. */
  readonly first: number;
  readonly distinct: number;
  /** How many requests are sent, and for how many seconds, at most. */
  readonly requests: number;
  readonly seconds: number;
  /** Requests are due at this pace, however long the answers take; 0 for as many as are answered. */
  readonly perSecond: number;
}

/** What came of a load. Times are in milliseconds, from when a request was due to the end of its answer. */
export interface LoadResult {
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly median: number;
  readonly p99: number;
  readonly slowest: number;
  /** How long the generator's own event loop was late, p99: what is more than a few milliseconds is the machine's fault, not the server's. */
  readonly generatorLate: number;
}

/** An alert of Alertmanager's webhook, by its number. */
export function numberedAlert(number: number) {
  return {
    status: 'firing',
    labels: {
      alertname: 'BenchAlert',
      instance: `site-${number}`,
      host: `web-${number % 2}`,
      job: 'site',
      severity: 'warning',
    },
    annotations: {
      summary: 'The permissions of 3 paths are not as they should be',
      description: 'wp-config.php and two others can be read by everybody. '.repeat(4),
      runbook_url: 'https://steward.example/runbooks/WordPressPermissionsDrifted',
    },
    startsAt: '2026-11-01T12:00:00.000Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example:9090/graph?g0.expr=wordpress_path_permission_violations+%3E+0',
    fingerprint: number.toString(16).padStart(16, '0'),
  };
}

/** The body of a webhook as Alertmanager sends it, with one alert. */
export function webhookBody(number: number): string {
  const alert = numberedAlert(number);
  const { alertname, instance } = alert.labels;
  return JSON.stringify({
    receiver: 'steward',
    status: 'firing',
    alerts: [alert],
    groupLabels: { alertname, instance },
    commonLabels: alert.labels,
    commonAnnotations: alert.annotations,
    externalURL: 'http://alertmanager.example:9093',
    version: '4',
    groupKey: `{}/{steward="heal"}:{alertname="${alertname}", instance="${instance}"}`,
    truncatedAlerts: 0,
  });
}
