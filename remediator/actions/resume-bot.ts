import type { Action } from './action.ts';

/** Also where the bot was stopped by a person: only policies that know better name it. */
export const resumeBot: Action = {
  name: 'bot.resume',
  summary: 'Has a freqtrade bot that is paused or stopped trade again.',
  target: 'bot',
  parameters: {},
  needs: 'bot-answers',
  steps: [{ kind: 'http', call: 'start', timeoutSeconds: 60 }],
  idempotent: true,
  refresh: [],
};
