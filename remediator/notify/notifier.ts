import type { Pause } from '../pause.ts';
import type { RunNews } from '../run/run-record.ts';

/** Tells people what became of a run. Telling never holds up a run, and its failure is only logged. */
export interface Notifier {
  tell(news: RunNews): void;
  /** Tells that Steward has paused itself. */
  tellOfPause(pause: Pause): void;
  /** Waits until all that was told has arrived, or was given up. */
  idle(): Promise<void>;
}
