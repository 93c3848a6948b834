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
export function chooseCollectors(
  all: readonly string[],
  { only, except }: CollectorChoice,
): readonly string[] {
  if (only.length > 0 && except.length > 0) {
    throw new RequestError(400, 'collect[] and exclude[] cannot be combined: leave one out');
  }
  const unknown = [...only, ...except].find((name) => !all.includes(name));
  if (unknown !== undefined) {
    const message = `there is no collector ${JSON.stringify(unknown)} here; there are ${all.join(', ')}`;
    throw new RequestError(400, message);
  }
  return all.filter((name) => (only.length === 0 || only.includes(name)) && !except.includes(name));
}
