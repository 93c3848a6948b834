import { createSlots } from '../slots.ts';
import type { PrometheusClient } from './prometheus-client.ts';

/** Within this time the same question has the same answer. */
const KEPT_MS = 15_000;
/** So many questions are asked at once. */
const AT_ONCE = 4;

/**
 * Makes a client whose answers may be some seconds old, and are the same for all who ask the same meanwhile: where hundreds of alerts fire that nothing
 * is done about, Prometheus is asked once about each rule and host, and a few things at a time. No action stands on such an answer.
 */
export function sharingAnswers(
  prometheus: PrometheusClient,
  now: () => number = () => performance.now(),
): PrometheusClient {
  const slots = createSlots(() => AT_ONCE);
  const share = <Answer>(ask: (question: string) => Promise<Answer>) => {
    const kept = new Map<string, { readonly answer: Promise<Answer>; readonly untilMs: number }>();
    return (question: string): Promise<Answer> => {
      // The oldest stand first.
      for (const [old, { untilMs }] of kept) {
        if (now() < untilMs) break;
        kept.delete(old);
      }
      const known = kept.get(question);
      if (known !== undefined) return known.answer;
      const asked = { answer: slots.take(() => ask(question)), untilMs: now() + KEPT_MS };
      kept.set(question, asked);
      // The next who asks has it tried again.
      asked.answer.catch(() => {
        if (kept.get(question) === asked) kept.delete(question);
      });
      return asked.answer;
    };
  };
  const rules = share(() => prometheus.alertingRules());
  return {
    query: share((promql) => prometheus.query(promql)),
    now: () => prometheus.now(),
    alertingRules: () => rules(''),
  };
}
