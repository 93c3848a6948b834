import { userInfo } from 'node:os';
import { z } from 'zod';
import { durationMilliseconds } from '../../inventory/duration.ts';
import { CommandError, type Command } from '../command.ts';
import { askRemediator } from '../remediator-api.ts';

const pausedSchema = z.object({ text: z.string() });
const endedSchema = z.object({ wasPaused: z.boolean() });

/** Holds back all that Steward would start. */
export const pause: Command = {
  name: 'pause',
  parameters: [],
  options: ['for', 'reason'],
  summary: 'start nothing from now on, approved or not; what is under way goes on to its end',
  async run({ configFile, duration, reason }, { print }) {
    if (duration !== undefined && (durationMilliseconds(duration) ?? 0) <= 0)
      throw new CommandError(`--for takes a duration such as 2h or 1d12h, not ${JSON.stringify(duration)}`);
    const answer = await askRemediator(configFile, '/api/pause', {
      by: userInfo().username,
      ...(duration === undefined ? {} : { for: duration }),
      ...(reason === undefined ? {} : { reason }),
    });
    print(`${pausedSchema.parse(answer).text}\n`);
    return 0;
  },
};

/** Lets Steward start again what its policies allow. */
export const resume: Command = {
  name: 'resume',
  parameters: [],
  options: [],
  summary: 'end a pause; what was held back is decided again at once',
  async run({ configFile }, { print }) {
    const answer = await askRemediator(configFile, '/api/pause/end', { by: userInfo().username });
    print(endedSchema.parse(answer).wasPaused ? 'the pause has ended\n' : 'there was no pause\n');
    return 0;
  },
};
