import type { Lab } from '../../lab/stack/lab.ts';
import { basic } from '../../lab/stack/servers.ts';
import { namedQueries } from '../grafana/dashboard-files.ts';

/** So far back the queries look: the lab has not been there for longer. */
const SHOWN_SECONDS = 600;
/** Shorter than the lab's scrapes are apart: a series that was there for one of them is seen, too. */
const STEP_SECONDS = 0.5;
/** Grafana's shortest rate is four scrapes; the lab's are a second apart, and what is read seldom needs some more. */
const RATE = '30s';

/** The names of the queries that had no data on a lab's Prometheus since it was started. */
export async function silentQueries({ ports, secrets }: Lab): Promise<string[]> {
  const end = Date.now() / 1000;
  const headers = { authorization: basic(secrets.prometheus_password) };
  const silent: string[] = [];
  for (const { name, expr } of namedQueries()) {
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
    if (answer.data === undefined) throw new Error(`${name}: ${answer.error ?? 'no data'}`);
    if (answer.data.result.length === 0) silent.push(name);
  }
  return silent;
}
