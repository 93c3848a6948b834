import type { Failure } from '../failure.ts';
import type { CollectorReport, Probe } from '../scrape/probe.ts';

/** Writes what a probe did for people: how each collector went, and then its metrics as they were written. */
export function probeText(probe: Probe, metrics: string): string {
  const { module, target, startedAtMs, seconds, reports } = probe;
  const rows = reports.map((report) => [
    report.collector,
    report.scrape === undefined ? '-' : duration(report.scrape.seconds),
    hasFailed(report) ? 'failed' : 'ok',
    String(report.series),
    String(report.dropped),
    ageOf(report, startedAtMs),
  ]);
  const head = ['collector', 'duration', 'outcome', 'series', 'dropped', 'background data'];
  const failures = reports.flatMap(({ collector, scrape, background }) => [
    ...failureLine(collector, 'in this scrape', scrape?.failure),
    ...failureLine(collector, 'in the background', background?.failure),
  ]);
  return [
    `${module} ${target} at ${new Date(startedAtMs).toISOString()}, in ${duration(seconds)}`,
    '',
    ...table([head, ...rows]),
    ...(failures.length === 0 ? [] : ['', ...failures]),
    '',
    metrics,
  ].join('\n');
}

/** Whether anything of a collector failed, in the scrape or beside it. */
export function hasFailed({ scrape, background }: CollectorReport): boolean {
  return scrape?.failure !== undefined || background?.failure !== undefined;
}

function failureLine(collector: string, where: string, failure: Failure | undefined): string[] {
  return failure === undefined ? [] : [`${collector} failed ${where}: ${failure.reason}: ${failure.message}`];
}

function ageOf({ background }: CollectorReport, nowMs: number): string {
  if (background === undefined) return '-';
  if (background.readAtMs === undefined) return 'not read yet';
  return `${Math.max(0, Math.round((nowMs - background.readAtMs) / 1000))} s old`;
}

function duration(seconds: number): string {
  return `${seconds.toFixed(3)} s`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_head, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
