import type { Action } from './action.ts';

/** A new process of a bot has its entries on, unless its configuration says that it begins stopped. */
export const restartBot: Action = {
  name: 'bot.restart',
  summary:
    'Restarts a freqtrade bot gracefully: no new trades, wait until none is open, restart its service, check that it has started, go on. Where trades are still open at the deadline it goes on without a restart, and people are asked. No trade is ever closed.',
  target: 'bot',
  parameters: { hours: { fits: { int: { min: 1, max: 72 } } }, service: { saidOf: 'service-of-bot' } },
  needs: 'bot-trades',
  steps: [
    { kind: 'http', call: 'stop-entries', timeoutSeconds: 30 },
    {
      kind: 'wait',
      until: 'is-flat',
      within: { hours: 'hours' },
      // freqtrade looks every five seconds; what it had begun by then may still become a trade.
      notBeforeSeconds: 5,
      otherwise: { reason: 'trades_open', isUndone: true },
    },
    { kind: 'command', verb: 'service-restart', slots: [{ parameter: 'service' }], timeoutSeconds: 120 },
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
  idempotent: false,
  refresh: [],
  undo: { kind: 'http', call: 'resume-entries', timeoutSeconds: 60 },
};
