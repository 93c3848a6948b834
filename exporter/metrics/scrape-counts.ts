import type { Logger } from 'pino';
import type { CollectorErrorReason } from '../collector-error.ts';
import { createDropCounts } from './drop-counts.ts';
import { createErrorCounts } from './error-counts.ts';
import { messageOf } from '../failure.ts';
import type { Sample } from './metric.ts';

/** Counts what went wrong with collectors since the start of the process, and writes it into the log. */
export interface ScrapeCounts {
  failed(target: string, collector: string, reason: CollectorErrorReason, error: unknown): void;
  dropped(collector: string, series: number): void;
  samples(): Sample[];
}

/** Makes the counts, zero for every collector. */
export function createScrapeCounts(collectors: readonly string[], log: Logger): ScrapeCounts {
  const errors = createErrorCounts(collectors);
  const drops = createDropCounts(collectors);
  return {
    failed(target, collector, reason, error) {
      errors.count(collector, reason);
      log.warn({ collector, target, reason, error: messageOf(error) }, 'a collector failed');
    },
    dropped: (collector, series) => drops.count(collector, series),
    samples: () => [...errors.samples(), ...drops.samples()],
  };
}
