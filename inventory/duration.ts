const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

const PATTERN = new RegExp(`^${UNITS.map(([unit]) => `(?:(\\d{1,9})${unit})?`).join('')}$`);

/**
 * Reads a duration in Prometheus's notation: whole numbers with the units y w d h m s ms, largest first, each once.
 * Returns milliseconds, or undefined where the text is not such a duration.
 */
export function durationMilliseconds(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null || text === '') return undefined;
  return UNITS.reduce(
    (sum, [, milliseconds], index) => sum + Number(match[index + 1] ?? 0) * milliseconds,
    0,
  );
}

/** Writes milliseconds in Prometheus's notation, as `1h30m`; `0s` for nothing. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds);
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === '' ? '0s' : text;
}
