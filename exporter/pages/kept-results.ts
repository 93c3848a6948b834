import type { Probe } from '../scrape/probe.ts';
import { hasFailed, probeText } from './probe-text.ts';

/** A scrape that is remembered. */
export interface KeptResult extends Pick<Probe, 'module' | 'target' | 'startedAtMs'> {
  /** Counts up from 1 since the exporter started. */
  readonly number: number;
  /** How many collectors went well. */
  readonly ok: number;
  readonly failed: number;
  /** For people, in UTF-8. */
  readonly text: Buffer;
}

/** The last scrape of each target, and the last that failed. They are gone after a restart. */
export interface KeptResults {
  /** Keeps a scrape with its metrics as they were written; the same one again changes nothing. */
  add(probe: Probe, metrics: string): void;
  latest(module: string, target: string): KeptResult | undefined;
  /** Newest first. */
  failures(): readonly KeptResult[];
  get(number: number): KeptResult | undefined;
}

/** How much is kept. Above it the oldest goes. */
export interface KeepLimits {
  /** Of a longer text the rest is cut away. */
  readonly textBytes: number;
  readonly latestBytes: number;
  readonly failures: number;
  readonly failuresBytes: number;
}

const MEBIBYTE = 1024 * 1024;
const LIMITS: KeepLimits = {
  textBytes: MEBIBYTE,
  latestBytes: 32 * MEBIBYTE,
  failures: 100,
  failuresBytes: 8 * MEBIBYTE,
};

/** What a result takes besides its text, about. */
const OVERHEAD_BYTES = 512;

/** Keeps results in memory. */
export function createKeptResults(limits: KeepLimits = LIMITS): KeptResults {
  const latest = new Map<string, KeptResult>();
  const failures = new Map<string, KeptResult>();
  const seen = new WeakSet<Probe>();
  let number = 0;

  return {
    add(probe, metrics) {
      if (seen.has(probe)) return;
      seen.add(probe);
      number += 1;
      const result = keptResult(number, probe, probeText(probe, metrics), limits.textBytes);
      const key = keyOf(probe.module, probe.target);
      // Deleted first, so that the map is in the order of time.
      latest.delete(key);
      latest.set(key, result);
      evict(latest, Infinity, limits.latestBytes);
      if (result.failed === 0) return;
      failures.set(String(number), result);
      evict(failures, limits.failures, limits.failuresBytes);
    },
    latest: (module, target) => latest.get(keyOf(module, target)),
    failures: () => [...failures.values()].reverse(),
    get: (wanted) =>
      failures.get(String(wanted)) ?? [...latest.values()].find((result) => result.number === wanted),
  };
}

function keyOf(module: string, target: string): string {
  return `${module} ${target}`;
}

function keptResult(
  number: number,
  { module, target, startedAtMs, reports }: Probe,
  text: string,
  textBytes: number,
): KeptResult {
  const failed = reports.filter(hasFailed).length;
  const bytes = Buffer.from(text);
  return {
    ...{ number, module, target, startedAtMs, failed },
    ok: reports.length - failed,
    // A copy: a part of a buffer would keep the whole of it.
    text: bytes.length > textBytes ? Buffer.from(bytes.subarray(0, textBytes)) : bytes,
  };
}

function evict(results: Map<string, KeptResult>, maxResults: number, maxBytes: number): void {
  const sizes = [...results].map(([key, { text }]) => ({ key, bytes: text.length + OVERHEAD_BYTES }));
  let total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { key, bytes } of sizes) {
    if (results.size <= maxResults && total <= maxBytes) return;
    results.delete(key);
    total -= bytes;
  }
}
