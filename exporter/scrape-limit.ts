import type { Exporter } from './exporter.ts';
import { RequestError } from './request-error.ts';

/** Prometheus, the remediator's fresh look and a person each have room; more would pile up at a host that is slow. */
const AT_ONCE = 4;

/**
 * Lets only so many scrapes of one target run at once; others reject with a RequestError. Scrapes are not shared, although that would
 * be cheaper: whoever asks after an action must get what was read after it.
 */
export function limitScrapes(exporter: Exporter, atOnce: number = AT_ONCE): Exporter {
  const underWay = new Map<string, number>();

  async function limited<Result>(target: string, work: () => Promise<Result>): Promise<Result> {
    const count = underWay.get(target) ?? 0;
    if (count >= atOnce) throw new RequestError(503, `${target} is being scraped ${count} times already`);
    underWay.set(target, count + 1);
    try {
      return await work();
    } finally {
      const left = (underWay.get(target) ?? 1) - 1;
      if (left === 0) underWay.delete(target);
      else underWay.set(target, left);
    }
  }

  return {
    ...exporter,
    metrics: (timeoutMs) => limited('/metrics', () => exporter.metrics(timeoutMs)),
    probe: (request) => limited(`${request.module} ${request.target}`, () => exporter.probe(request)),
  };
}
