import type { Lab } from '../../lab/stack/lab.ts';
import { basic } from '../../lab/stack/servers.ts';
import { dashboardFiles, shownPanels } from '../grafana/dashboard-files.ts';

/** So far back the queries look: the lab has not been there for longer. */
const SHOWN_SECONDS = 600;
const STEP_SECONDS = 5;
/** Grafana's shortest rate is four scrapes; the lab's are a second apart, and what is read seldom needs some more. */
const RATE = '30s';

/** The queries that had no data on a lab's Prometheus since it was started, by panel, such as `Hosts / Swap in use / A B`. */
export async function silentQueries({ ports, secrets }: Lab): Promise<string[]> {
  const end = Date.now() / 1000;
  const headers = { authorization: basic(secrets.prometheus_password) };
  const silent: string[] = [];
  for (const dashboard of dashboardFiles) {
    for (const { title, targets = [] } of shownPanels(dashboard)) {
      const refIds: string[] = [];
      for (const { expr, refId } of targets) {
        const parameters = new URLSearchParams({
          query: expr
            .replaceAll('$__rate_interval', RATE)
            .replaceAll('$__range', `${SHOWN_SECONDS}s`)
            .replaceAll(/\$(job|instance)\b/g, '.+'),
          start: String(end - SHOWN_SECONDS),
          end: String(end),
          step: String(STEP_SECONDS),
        });
        const response = await fetch(
          `http://127.0.0.1:${ports.prometheus}/api/v1/query_range?${parameters.toString()}`,
          { headers },
        );
        const answer = (await response.json()) as { data?: { result: unknown[] }; error?: string };
        if (answer.data === undefined) throw new Error(`${title}: ${answer.error ?? 'no data'}`);
        if (answer.data.result.length === 0) refIds.push(refId);
      }
      if (refIds.length > 0) silent.push(`${dashboard.title} / ${title} / ${refIds.join(' ')}`);
    }
  }
  return silent;
}
