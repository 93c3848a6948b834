import type { Logger } from 'pino';
import { messageOf } from '../message-of.ts';
import { advance, type Advance } from './advance.ts';
import type { RunDependencies } from './run-dependencies.ts';
import type { NewsListener } from './run-record.ts';

/** What a run needs from outside, but for its lease. */
export type UnleasedDependencies = Omit<RunDependencies, 'lease'>;

/**
 * Takes a run as far as it can go now, where no other process works on it. Where one does, it is to be looked at again: what this process was told
 * may be news to that one.
 */
export async function advanceUnderLease(
  runId: string,
  dependencies: UnleasedDependencies,
  log: Logger,
  onNews: NewsListener,
): Promise<Advance> {
  const { journal, signal } = dependencies;
  const lease = await journal.takeLease(runId);
  if (lease === undefined) return { progress: (await journal.run(runId)) === undefined ? 'done' : 'again' };
  let left: Advance['progress'] = 'again';
  try {
    const ofLease = { lease, signal: AbortSignal.any([signal, lease.signal]) };
    const advanced = await advance(runId, { ...dependencies, ...ofLease }, log, onNews);
    left = advanced.progress;
    return advanced;
  } finally {
    await lease.release(left).catch((error: unknown) => {
      log.warn(
        { run: runId, error: messageOf(error) },
        'the lease of a run was not given back; it ends by itself',
      );
    });
  }
}
