import type { Action } from './action.ts';

/** It lasts until a person, `bot.resume` or a restart of the bot ends it. */
export const pauseBot: Action = {
  name: 'bot.pause',
  summary:
    'Has a freqtrade bot that trades open no new trades. It still watches and closes those that are open.',
  target: 'bot',
  parameters: {},
  needs: 'bot-trades',
  steps: [{ kind: 'http', call: 'stop-entries', timeoutSeconds: 30 }],
  idempotent: true,
  refresh: [],
};
