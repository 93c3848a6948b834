import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Labels whose values come from Steward itself, not from a machine or a site. */
const CLOSED_LABELS: ReadonlySet<string> = new Set([
  'collector',
  'reason',
  'metric',
  'mode',
  'resource',
  'phase',
  'constant',
  'extension_kind',
  'part',
  'path_group',
  'problem',
  'scope',
  'severity',
  'status',
  'table_group',
  'violation',
  'window',
]);

/** These have a series for each collector there is, of all modules: another collector changes nothing here. */
const OF_ALL_COLLECTORS: ReadonlySet<string> = new Set([
  'steward_collector_errors_total',
  'steward_series_dropped_total',
]);

/** Begins a line of what there is on some machines and not on others. */
const OPTIONAL = '? ';

/**
 * Lists which series a text of metrics has, sorted, each once: its name, the names of its labels, and their values where Steward
 * chooses them.
 */
export function seriesShapes(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return [...new Set(lines.map(shapeOf))].sort();
}

function shapeOf(line: string): string {
  const [, name = '', labels] = /^([\w:]+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
  if (name === '') throw new Error(`this is no series: ${line}`);
  if (labels === undefined) return name;
  const shapes = [...labels.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g)].map(([, label = '', value = '']) =>
    isClosed(name, label) ? `${label}=${value}` : label,
  );
  return `${name}{${shapes.sort().join(',')}}`;
}

function isClosed(name: string, label: string): boolean {
  return CLOSED_LABELS.has(label) && !(label === 'collector' && OF_ALL_COLLECTORS.has(name));
}

/** A series as Prometheus's API lists it: each label with its value, and its name as `__name__`. */
export type ListedSeries = Readonly<Record<string, string>>;

/** The labels that a target gives to all its series, which therefore differ from lab to lab. */
const OF_TARGET: ReadonlySet<string> = new Set(['__name__', 'job', 'instance', 'host']);

/** Lists series that Prometheus has, sorted, each once: the name, the job that it came from, and the names of its own labels. */
export function shapesInPrometheus(series: readonly ListedSeries[]): string[] {
  const shapes = series.map((labels) => {
    const own = Object.keys(labels).filter((label) => !OF_TARGET.has(label));
    const job = `job="${labels['job'] ?? ''}"`;
    return `${labels['__name__'] ?? ''}{${[job, ...own.sort()].join(',')}}`;
  });
  return [...new Set(shapes)].sort();
}

/** What a list of series has and its golden file does not, and the other way round. */
export interface GoldenDifference {
  readonly added: readonly string[];
  readonly missing: readonly string[];
}

/**
 * Compares series with tests/exporter/golden/<name>.txt, where lines that begin with `? ` may be missing. With
 * STEWARD_UPDATE_GOLDEN=1 the file is written instead; such lines stay such.
 */
export async function compareWithGolden(name: string, shapes: readonly string[]): Promise<GoldenDifference> {
  const file = goldenFile(name);
  if (process.env['STEWARD_UPDATE_GOLDEN'] === '1') await updateGolden(file, shapes);
  return goldenDifference(await readFile(file, 'utf8'), shapes);
}

/** The series that tests/exporter/golden/<name>.txt names, those that may be missing included. */
export async function goldenSeries(name: string): Promise<string[]> {
  return linesOf(await readFile(goldenFile(name), 'utf8')).map(withoutMark);
}

/** Compares series with the text of a golden file. */
export function goldenDifference(golden: string, shapes: readonly string[]): GoldenDifference {
  const lines = linesOf(golden);
  const known = new Set(lines.map(withoutMark));
  return {
    added: shapes.filter((shape) => !known.has(shape)),
    missing: lines.filter((line) => !line.startsWith(OPTIONAL) && !shapes.includes(line)),
  };
}

async function updateGolden(file: string, shapes: readonly string[]): Promise<void> {
  const optional = linesOf(await readFile(file, 'utf8').catch(() => '')).filter((line) =>
    line.startsWith(OPTIONAL),
  );
  const always = shapes.filter((shape) => !optional.includes(`${OPTIONAL}${shape}`));
  const lines = [...always, ...optional].sort((a, b) => (withoutMark(a) < withoutMark(b) ? -1 : 1));
  await writeFile(file, `${lines.join('\n')}\n`);
}

function goldenFile(name: string): string {
  return fileURLToPath(new URL(`../exporter/golden/${name}.txt`, import.meta.url));
}

function linesOf(golden: string): string[] {
  return golden.split('\n').filter((line) => line !== '');
}

function withoutMark(line: string): string {
  return line.startsWith(OPTIONAL) ? line.slice(OPTIONAL.length) : line;
}
