import { z } from 'zod';
import type { Command } from '../command.ts';
import { askRemediator } from '../remediator-api.ts';
import { runLine, shownRunSchema } from '../shown-run.ts';

const openSchema = z.object({ runs: z.array(shownRunSchema) });
const latestSchema = openSchema.extend({
  needPeople: z.array(shownRunSchema),
  pause: z.object({ text: z.string().optional() }),
});

/** Lists the latest runs of the remediator and the older ones that need a person, or all that are open. */
export const runs: Command = {
  name: 'runs',
  parameters: [],
  options: ['json', 'open'],
  summary:
    'list the latest runs of the remediator, and older ones that need you, or with --open all that are not over; the newest first',
  async run({ configFile, isJson, isOpenOnly }, { print, say }) {
    const answer = await askRemediator(configFile, isOpenOnly ? '/api/open-runs' : '/api/runs?limit=50');
    if (isJson) {
      print(`${JSON.stringify(answer)}\n`);
      return 0;
    }
    if (isOpenOnly) {
      const { runs: open } = openSchema.parse(answer);
      if (open.length === 0) say('no run is open');
      for (const run of open) print(`${runLine(run)}\n`);
      return 0;
    }
    const { runs: latest, needPeople, pause } = latestSchema.parse(answer);
    if (pause.text !== undefined) say(pause.text);
    if (latest.length === 0) say('no alert has come yet');
    const listed = new Set(latest.map(({ id }) => id));
    const older = needPeople.filter(({ id }) => !listed.has(id));
    for (const run of [...latest, ...older]) print(`${runLine(run)}\n`);
    return 0;
  },
};
