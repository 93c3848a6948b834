import type { Failure } from '../failure.ts';
import type { Sample } from '../metrics/metric.ts';

/** What a scrape of one target gave. */
export interface Probe {
  readonly module: string;
  readonly target: string;
  /** When it began, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly seconds: number;
  /** One for each collector that was asked for, in their order. */
  readonly reports: readonly CollectorReport[];
  readonly samples: readonly Sample[];
}

/** How one collector did. */
export interface CollectorReport {
  readonly collector: string;
  /** Its part in the scrape, where it has one. */
  readonly scrape: ScrapeReport | undefined;
  /** Its part beside the scrapes, where it has one. */
  readonly background: BackgroundReport | undefined;
  /** The series that it gave, without those that were dropped. */
  readonly series: number;
  /** The series that were above the limit, or there twice. */
  readonly dropped: number;
}

/** What a collector did in a scrape. */
export interface ScrapeReport {
  readonly seconds: number;
  readonly failure: Failure | undefined;
}

/** What a collector last read beside the scrapes. */
export interface BackgroundReport {
  /** When the data of the scrape was read, in milliseconds since the epoch; undefined before the first time. */
  readonly readAtMs: number | undefined;
  /** Why the last reading gave nothing; undefined where it did, or there was none yet. */
  readonly failure: Failure | undefined;
}
