import { readFile } from 'node:fs/promises';
import type { Lab } from '../../lab/stack/lab.ts';
import { basic } from '../../lab/stack/servers.ts';
import { otherMetrics } from '../grafana/known-metrics.ts';
import type { ListedSeries } from '../helpers/golden-series.ts';

/** A run, as the remediator's API tells it. */
export interface ApiRun {
  readonly id: string;
  readonly alertname: string;
  readonly instance: string;
  readonly policy: string | null;
  readonly alertStatus: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly events: readonly {
    readonly at: string;
    readonly kind: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
}

/** The runs of a lab's remediator, newest first. */
export async function runsOf({ ports, secrets }: Lab): Promise<readonly ApiRun[]> {
  const response = await fetch(`http://127.0.0.1:${ports.remediator}/api/runs?limit=100`, {
    headers: { authorization: basic(secrets.remediator_password) },
  });
  return ((await response.json()) as { runs: ApiRun[] }).runs;
}

/** How many series a query has at a lab's Prometheus now. */
export async function seriesOf({ ports, secrets }: Lab, query: string): Promise<number> {
  const response = await fetch(
    `http://127.0.0.1:${ports.prometheus}/api/v1/query?query=${encodeURIComponent(query)}`,
    { headers: { authorization: basic(secrets.prometheus_password) } },
  );
  return ((await response.json()) as { data: { result: unknown[] } }).data.result.length;
}

/** What Prometheus read from each job: all of Steward's, and of its own and Alertmanager's metrics those that rules ask for. */
const LISTED = [
  '{job=~"host|site|bot|job|exporter|remediator", __name__!~"ALERTS.*|scrape_.*|.*:.*"}',
  `{job=~"prometheus|alertmanager", __name__=~"${[...otherMetrics].filter((name) => !name.startsWith('ALERTS')).join('|')}"}`,
];

/** The series that a lab's Prometheus has had since it was started, those that it recorded or worked out left out. */
export async function listedSeries({ ports, secrets }: Lab): Promise<readonly ListedSeries[]> {
  const selectors = LISTED.map((selector) => `match[]=${encodeURIComponent(selector)}`).join('&');
  const response = await fetch(`http://127.0.0.1:${ports.prometheus}/api/v1/series?${selectors}`, {
    headers: { authorization: basic(secrets.prometheus_password) },
  });
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { data: ListedSeries[] }).data;
}

/** How often the dispatcher began to do something, as the host's own log says, which also tells of each end. */
export async function callsOnHost({ user }: Lab, verb: string): Promise<number> {
  const log = await readFile(`/var/log/${user}-dispatch.log`, 'utf8').catch(() => '');
  return log.split('\n').filter((line) => line.includes(` act ${verb} `) && line.endsWith(': begins')).length;
}
