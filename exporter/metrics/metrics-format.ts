import { Registry } from 'prom-client';

/** The formats that metrics are written in, by what Prometheus is told the text is. */
export type MetricsFormat =
  typeof Registry.PROMETHEUS_CONTENT_TYPE | typeof Registry.OPENMETRICS_CONTENT_TYPE;

/**
 * Chooses the format by a request's Accept header: OpenMetrics 1.0.0 where it is named and wanted at least as much as plain text, else
 * the text format 0.0.4. Wildcards do not ask for OpenMetrics, so a browser gets text.
 */
export function metricsFormat(accept: string | undefined): MetricsFormat {
  const ranges = (accept ?? '').split(',').map(readRange);
  const openMetrics = ranges.filter(
    ({ type, version }) => type === 'application/openmetrics-text' && (version ?? '1.0.0') === '1.0.0',
  );
  const text = ranges.filter(({ type }) => type === 'text/plain');
  const wanted = highestQuality(openMetrics);
  return wanted > 0 && wanted >= highestQuality(text)
    ? Registry.OPENMETRICS_CONTENT_TYPE
    : Registry.PROMETHEUS_CONTENT_TYPE;
}

interface MediaRange {
  readonly type: string;
  readonly version: string | undefined;
  readonly quality: number;
}

function readRange(range: string): MediaRange {
  const [type = '', ...rest] = range.split(';').map((part) => part.trim().toLowerCase());
  const valueOf = (name: string) =>
    rest
      .find((part) => part.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', '');
  const quality = Number(valueOf('q') ?? 1);
  return { type, version: valueOf('version'), quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

function highestQuality(ranges: readonly MediaRange[]): number {
  return Math.max(0, ...ranges.map(({ quality }) => quality));
}
