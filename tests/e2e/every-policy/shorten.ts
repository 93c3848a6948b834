import { readShippedPolicies, type RawPolicy } from '../../../inventory/policies/shipped-policies.ts';

/** Shortens what rules wait for and look back on, so that an hour is some seconds; and a slow page is one of a second. */
export function shortenRules(text: string): string {
  return text
    .replaceAll(/^( +for): [1-9]\w*$/gm, '$1: 2s')
    .replaceAll(
      'min_over_time(wordpress_maintenance_file[15m])',
      'min_over_time(wordpress_maintenance_file[6s])',
    )
    .replaceAll(
      'avg_over_time(probe_duration_seconds{job="site"}[10m]) > 3',
      'avg_over_time(probe_duration_seconds{job="site"}[10s]) > 1',
    )
    .replaceAll(
      'max_over_time(probe_duration_seconds{job="site"}[70s]) > 3',
      'max_over_time(probe_duration_seconds{job="site"}[6s]) > 1',
    )
    .replaceAll(
      'min_over_time(probe_success{job="site"}[10m])',
      'min_over_time(probe_success{job="site"}[10s])',
    );
}

/** The shipped policies, all of which act. They are as they ship, but for what a test cannot wait for. */
export async function shortenedPolicies(): Promise<RawPolicy[]> {
  const changes: Readonly<Record<string, object>> = {
    'relieve-php-fpm': {
      verify: { query: 'phpfpm_listen_queue{instance="$target"} == 0', samples: 3, within: '10s' },
      cooldown: '10s',
    },
    // The other bots of the lab have no service.
    'restart-bot': { match: ['alertname="BotStalled"', 'instance="swing"'] },
  };
  return (await readShippedPolicies()).map((policy) => {
    const { name, guard, verify } = JSON.parse(
      JSON.stringify(policy)
        .replaceAll('[5m]', '[10s]')
        .replaceAll(
          'probe_duration_seconds{instance=\\"$target\\"} < 3',
          'probe_duration_seconds{instance=\\"$target\\"} < 1',
        ),
    ) as Record<string, unknown>;
    return { name, mode: 'auto', guard, verify, ...changes[String(name)] };
  });
}
