import { z } from 'zod';
import type { Command } from '../command.ts';
import { askRemediator } from '../remediator-api.ts';

const explanationSchema = z.object({ run: z.string(), then: z.string(), now: z.string() });

/** Says why something was done about an alert, or was not. */
export const why: Command = {
  name: 'why',
  parameters: ['<run or alert>'],
  options: ['json'],
  summary: 'say why a run, or the newest run of an alert, did what it did, and what would be done now',
  async run({ words: [subject = ''], configFile, isJson }, { print }) {
    const answer = await askRemediator(configFile, `/api/why/${encodeURIComponent(subject)}`);
    if (isJson) {
      print(`${JSON.stringify(answer)}\n`);
      return 0;
    }
    const { run, then, now } = explanationSchema.parse(answer);
    print(`run ${run}\n${then}\nIf it came now: ${now}\n`);
    return 0;
  },
};
