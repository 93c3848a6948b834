import type { Journal } from '../../remediator/store/journal.ts';

/** A store that a journal is kept in, which outlives the journal. */
export interface JournalStore {
  open(): Promise<Journal>;
  remove(): Promise<void>;
}
