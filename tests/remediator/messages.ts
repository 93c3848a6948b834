import type { Message } from '../../remediator/notify/message.ts';

/** Makes a message of a fix that failed. */
export function makeMessage(changes: Partial<Message> = {}): Message {
  return {
    id: 'm1',
    at: '2026-03-01T12:00:05.000Z',
    outcome: 'failed',
    reason: 'not_verified',
    detail: null,
    closed: true,
    run: {
      id: '20260301-120000-0a1b2c3d',
      alertname: 'Drift',
      instance: 'blog',
      policy: 'fix',
      action: 'wordpress.fix-permissions',
      target: 'blog',
      host: 'web1',
    },
    ...changes,
  };
}
