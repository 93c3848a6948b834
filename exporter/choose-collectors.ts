import type { Collector } from './collector.ts';
import { RequestError } from './request-error.ts';

/** Which collectors a request names, each by its name. */
export interface CollectorChoice {
  /** The collectors to run; all where none is named. */
  readonly only: readonly string[];
  /** The collectors to leave out. */
  readonly except: readonly string[];
}

/**
 * Gives the collectors that a request asks for, in their own order. Throws a RequestError where it names one that is not there, or
 * both what to run and what to leave out, as node_exporter does.
 */
export function chooseCollectors<Target>(
  all: readonly Collector<Target>[],
  { only, except }: CollectorChoice,
): readonly Collector<Target>[] {
  if (only.length > 0 && except.length > 0) {
    throw new RequestError(400, 'collect[] and exclude[] cannot be combined: leave one out');
  }
  const unknown = [...only, ...except].find((name) => !all.some((collector) => collector.name === name));
  if (unknown !== undefined) {
    const names = all.map(({ name }) => name).join(', ');
    throw new RequestError(400, `there is no collector ${JSON.stringify(unknown)} here; there are ${names}`);
  }
  return all.filter(({ name }) => (only.length === 0 || only.includes(name)) && !except.includes(name));
}
