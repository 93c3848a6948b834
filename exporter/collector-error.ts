import type { HostErrorCode, Outcome } from '../hosts/host.ts';
import type { Sample } from './metrics/metric.ts';

/** Why a collector failed: the values of the `reason` label of `steward_collector_errors_total`. */
export const collectorErrorReasons = [
  'timeout',
  'unreachable',
  'host_key',
  'login',
  'refused',
  'bad_answer',
  'internal',
] as const;

/** Why a collector failed. */
export type CollectorErrorReason = (typeof collectorErrorReasons)[number];

/** What an error knows besides its reason. */
interface CollectorErrorOptions extends ErrorOptions {
  readonly samples?: readonly Sample[];
}

/** A failure of a collector with a reason from the closed list. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';
  readonly reason: CollectorErrorReason;
  /** What could be measured all the same, such as that it is down. */
  readonly samples: readonly Sample[];

  constructor(reason: CollectorErrorReason, message: string, options: CollectorErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
    this.samples = options.samples ?? [];
  }
}

const REASONS: Readonly<Record<HostErrorCode, CollectorErrorReason>> = {
  host_key_missing: 'host_key',
  host_key_mismatch: 'host_key',
  key_file_unreadable: 'login',
  authentication_failed: 'login',
  unreachable: 'unreachable',
  connection_lost: 'unreachable',
  timed_out: 'timeout',
  aborted: 'timeout',
  not_readable: 'bad_answer',
  bad_answer: 'bad_answer',
};

/** Returns what a command on a host printed. Throws a CollectorError where it did not succeed, or its output was cut. */
export function printedBy(outcome: Outcome): Buffer {
  if (outcome.kind === 'succeeded' && !outcome.truncated) return outcome.stdout;
  if (outcome.kind === 'succeeded')
    throw new CollectorError('bad_answer', 'the answer is longer than expected');
  if (outcome.kind === 'unknown') throw new CollectorError('timeout', outcome.reason);
  if (outcome.code !== undefined) throw new CollectorError(REASONS[outcome.code], outcome.reason);
  const said = outcome.stderr.toString().trim();
  throw new CollectorError('refused', said === '' ? outcome.reason : said);
}
