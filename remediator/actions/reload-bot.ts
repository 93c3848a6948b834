import type { Action } from './action.ts';

/** freqtrade begins anew in the state that its configuration names, which may be `stopped`. */
export const reloadBot: Action = {
  name: 'bot.reload',
  summary:
    'Has a freqtrade bot that trades read its configuration and strategy again, and go on. Open trades stay open.',
  target: 'bot',
  parameters: {},
  needs: 'bot-trades',
  steps: [
    { kind: 'http', call: 'reload', timeoutSeconds: 30 },
    {
      kind: 'wait',
      until: 'is-ready',
      within: { seconds: 300 },
      notBeforeSeconds: 0,
      otherwise: { reason: 'bot_not_ready', isUndone: false },
      completes: true,
    },
    { kind: 'http', call: 'start', timeoutSeconds: 60, completes: true },
  ],
  idempotent: true,
  refresh: [],
  undo: { kind: 'http', call: 'resume-entries', timeoutSeconds: 60 },
};
