import type { Run } from '../run/run.ts';
import type { Episode, Journal } from './journal.ts';

/**
 * Makes a journal whose reading of episodes, and of open runs, is shared by all who ask for the same while it is under way: where a thousand alerts come at once, each of
 * them is decided about by all the others.
 */
export function sharingEpisodes(journal: Journal): Journal {
  const underWay = new Map<number, Promise<readonly Episode[]>>();
  let open: Promise<readonly Run[]> | undefined;
  return {
    ...journal,
    episodesSince(atMs) {
      const known = underWay.get(atMs);
      if (known !== undefined) return known;
      const reading = journal.episodesSince(atMs).finally(() => underWay.delete(atMs));
      underWay.set(atMs, reading);
      return reading;
    },
    openRuns() {
      open ??= journal.openRuns().finally(() => (open = undefined));
      return open;
    },
  };
}
