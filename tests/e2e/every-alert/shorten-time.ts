const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** What is another number in the campaign than in the rules, and why. What is not here is as it ships. */
const thresholds: readonly { readonly reason: string; readonly shipped: string; readonly here: string }[] = [
  {
    reason: 'A scrape of the lab ends after two seconds, so that a slow page is one of a second.',
    shipped: '(probe_duration_seconds{job="site"}[10m]) > 3',
    here: '(probe_duration_seconds{job="site"}[10m]) > 1',
  },
  {
    reason: 'As above: the last probe was slow, too.',
    shipped: '(probe_duration_seconds{job="site"}[70s]) > 3',
    here: '(probe_duration_seconds{job="site"}[70s]) > 1',
  },
  {
    reason: 'What is late by a quarter of an hour is late by twenty seconds.',
    shipped: '3 * steward_collector_data_interval_seconds + 900',
    here: '3 * steward_collector_data_interval_seconds + 20',
  },
];

/**
 * Shortens the time that rules look back on, so that a week is a minute and a half and a minute is six seconds: by the logarithm, so that
 * what is longer stays longer. What rules wait for is two seconds, and none goes on firing. What they compare with stays, but for the thresholds above.
 */
export function shortenTime(text: string): string {
  const changed = thresholds.reduce((all, { shipped, here }) => all.replace(shipped, here), text);
  return changed
    .replaceAll(/^( +for): [1-9]\w*$/gm, '$1: 2s')
    .replaceAll(/^( +keep_firing_for): \w+$/gm, '$1: 0s')
    .replaceAll(/(?<=\[|\[\w+:|\boffset |\binterval: )(\d+)([smhd])\b/g, (_, count: string, unit: string) =>
      shortened(Number(count) * (SECONDS[unit] ?? 0)),
    );
}

function shortened(seconds: number): string {
  return `${Math.round(6 * Math.log2(1 + seconds / 60))}s`;
}

/** The thresholds above that stand in none of these texts any more. */
export function unusedThresholds(rules: readonly string[]): string[] {
  return thresholds
    .map(({ shipped }) => shipped)
    .filter((shipped) => !rules.some((text) => text.includes(shipped)));
}
