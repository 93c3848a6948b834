import { beforeEach, describe, expect, test } from '@jest/globals';
import type { PrometheusClient } from '../../../remediator/prometheus/prometheus-client.ts';
import { sharingAnswers } from '../../../remediator/prometheus/shared-answers.ts';

/** What was asked, each to be answered by the test. */
let asked: { readonly question: string; readonly answer: PromiseWithResolvers<never[]> }[];
let nowMs: number;
let client: PrometheusClient;

beforeEach(() => {
  asked = [];
  nowMs = 0;
  const ask = (question: string) => {
    const answer = Promise.withResolvers<never[]>();
    asked.push({ question, answer });
    return answer.promise;
  };
  const real = { query: ask, alertingRules: () => ask('rules'), now: () => Promise.resolve(1) };
  client = sharingAnswers(real, () => nowMs);
});

/** Lets all go on that can. */
const settled = () => new Promise(setImmediate);
const questions = () => asked.map(({ question }) => question);

describe('answers that are shared', () => {
  test('are asked for once within 15 seconds, the rules too', async () => {
    void client.query('a');
    void client.alertingRules();
    nowMs = 14_999;
    void client.query('a');
    void client.alertingRules();
    await settled();
    expect(questions()).toEqual(['a', 'rules']);
    nowMs = 15_000;
    void client.query('a');
    await settled();
    expect(questions()).toEqual(['a', 'rules', 'a']);
  });

  test('are asked for again at once where there was none', async () => {
    const first = client.query('a');
    await settled();
    asked[0]?.answer.reject(new Error('down'));
    await expect(first).rejects.toThrow('down');
    void client.query('a');
    await settled();
    expect(questions()).toEqual(['a', 'a']);
  });

  test('are asked for four at a time, in their order', async () => {
    for (const question of ['a', 'b', 'c', 'd', 'e', 'f']) void client.query(question);
    await settled();
    expect(questions()).toEqual(['a', 'b', 'c', 'd']);
    asked[2]?.answer.resolve([]);
    await settled();
    expect(questions()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
