import { userInfo } from 'node:os';
import { CommandError, type Command } from '../command.ts';
import { askRemediator } from '../remediator-api.ts';
import { runText, shownRunSchema } from '../shown-run.ts';

/** Lets a run that waits for a person act. */
export const approve: Command = answering(
  'approve',
  'let a run that waits for approval act; its guards are asked again',
);
/** Ends a run that waits for a person, or gives up one that waits for something else. */
export const deny: Command = answering(
  'deny',
  'end a run that waits for approval, or give up one that waits between two steps',
);

function answering(answer: 'approve' | 'deny', summary: string): Command {
  return {
    name: answer,
    parameters: ['<run>'],
    options: ['yes'],
    summary,
    async run({ words: [id = ''], configFile, isYes }, { print, ask }) {
      const path = `/api/runs/${encodeURIComponent(id)}`;
      const run = shownRunSchema.parse(await askRemediator(configFile, path));
      const isAsked = run.outcome === 'awaiting_approval' || (run.state === 'resting' && answer === 'deny');
      if (!isAsked || run.planHash === null)
        throw new CommandError(`run ${id} does not wait for approval: it is ${run.outcome ?? run.state}`);
      print(runText(run));
      const said = isYes ? 'y' : await ask(`${answer} this? [y/N] `);
      if (said === undefined)
        throw new CommandError('nobody is here to confirm it: run this in a terminal, or with --yes');
      if (!/^y(es)?$/i.test(said.trim())) throw new CommandError('nothing was said');
      await askRemediator(configFile, `${path}/answer`, {
        answer,
        plan: run.planHash,
        by: userInfo().username,
      });
      print(
        answer === 'approve'
          ? 'approved: the run goes on\n'
          : 'denied: the run ends, and what it began is put back\n',
      );
      return 0;
    },
  };
}
