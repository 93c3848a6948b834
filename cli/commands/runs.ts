import { z } from 'zod';
import type { Command } from '../command.ts';
import { askRemediator } from '../remediator-api.ts';
import { runLine, shownRunSchema } from '../shown-run.ts';

const answerSchema = z.object({
  runs: z.array(shownRunSchema),
  pause: z.object({ text: z.string().optional() }),
});

/** Lists the latest runs of the remediator. */
export const runs: Command = {
  name: 'runs',
  parameters: [],
  options: ['json'],
  summary: 'list the latest runs of the remediator, the newest first',
  async run({ configFile, isJson }, { print, say }) {
    const answer = await askRemediator(configFile, '/api/runs?limit=50');
    if (isJson) {
      print(`${JSON.stringify(answer)}\n`);
      return 0;
    }
    const { runs: list, pause } = answerSchema.parse(answer);
    if (pause.text !== undefined) say(pause.text);
    if (list.length === 0) say('no alert has come yet');
    for (const run of list) print(`${runLine(run)}\n`);
    return 0;
  },
};
