import type { Exporter, ProbeRequest } from '../exporter.ts';
import type { Probe } from './probe.ts';
import { RequestError } from '../request-error.ts';
import { createWaitingLine } from './waiting-line.ts';

/** How many scrapes there may be. */
export interface ScrapeLimits {
  /** Of one target, under way or waiting. */
  readonly ofTarget: number;
  /** Under way, of all targets together. */
  readonly total: number;
}

/**
 * Prometheus, the remediator's fresh look and a person each have room at a target; more would pile up at a host that is slow. A thousand
 * targets that are scraped each minute and all hang for 9.5 seconds take 158 places.
 */
const LIMITS: ScrapeLimits = { ofTarget: 4, total: 200 };

/**
 * Lets only so many scrapes run at once: one more of a target rejects with a RequestError, one more in all waits in line. A scrape that still
 * waits is shared with whoever asks for the same; one that has started is not, although that would be cheaper: whoever asks after an action
 * must get what was read after it. `/metrics` never waits, so that the exporter can be watched when it has too much to do.
 */
export function limitScrapes(exporter: Exporter, limits: ScrapeLimits = LIMITS): Exporter {
  const counts = new Map<string, number>();
  const line = createWaitingLine<Probe>(limits.total);

  /** Takes one of the scrapes that a target may have; what it returns gives it back. */
  function take(target: string): () => void {
    const count = counts.get(target) ?? 0;
    if (count >= limits.ofTarget) {
      throw new RequestError(503, `${target} is being scraped ${count} times already`);
    }
    counts.set(target, count + 1);
    return () => {
      const left = (counts.get(target) ?? 1) - 1;
      if (left === 0) counts.delete(target);
      else counts.set(target, left);
    };
  }

  return {
    ...exporter,
    async metrics(timeoutMs) {
      const giveBack = take('/metrics');
      return exporter.metrics(timeoutMs).finally(giveBack);
    },
    async probe(request) {
      const { module, target, timeoutMs } = request;
      const key = keyOf(request);
      const joined = line.join({ key, timeoutMs });
      if (joined !== undefined) return joined;
      const onEnd = take(`${module} ${target}`);
      const start = (timeLeftMs: number) => exporter.probe({ ...request, timeoutMs: timeLeftMs });
      return line.add({ key, timeoutMs, start, onEnd });
    },
  };
}

function keyOf({ module, target, only, except }: ProbeRequest): string {
  return JSON.stringify([module, target, [...only].sort(), [...except].sort()]);
}
