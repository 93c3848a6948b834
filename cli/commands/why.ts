import { z } from 'zod';
import type { Command } from '../command.ts';
import { askRemediator } from '../remediator-api.ts';
import { plain } from '../shown-run.ts';

const explanationSchema = z.object({
  run: z.string().nullable(),
  alert: z.string(),
  plan: z.string().nullable(),
  then: z.string(),
  guards: z.array(z.object({ query: z.string(), says: z.string() })),
  now: z.string(),
});

/** Says why something was done about an alert, or was not. */
export const why: Command = {
  name: 'why',
  parameters: ['<run or alert>', '[<instance>]'],
  options: ['json'],
  summary: 'say why a run, or the newest run of an alert, did what it did, and what would be done now',
  async run({ words: [subject = '', instance], configFile, isJson }, { print }) {
    const about = instance === undefined ? '' : `?instance=${encodeURIComponent(instance)}`;
    const answer = await askRemediator(configFile, `/api/why/${encodeURIComponent(subject)}${about}`);
    if (isJson) {
      print(`${JSON.stringify(answer)}\n`);
      return 0;
    }
    const { run, alert, plan, then, guards, now } = explanationSchema.parse(answer);
    const lines = [
      run === null ? alert : `run ${run}, ${alert}`,
      ...(plan === null ? [] : [`${plan}.`]),
      then,
      ...guards.map(({ query, says }) => `Guard: ${query} returned ${says}`),
      `If it came now: ${now}`,
    ];
    print(`${lines.map(plain).join('\n')}\n`);
    return 0;
  },
};
