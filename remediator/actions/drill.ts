import type { Action } from './action.ts';

/** Goes the way of a fix and changes nothing, so that what is broken on that way is found before it is needed. */
export const drill: Action = {
  name: 'host.drill',
  summary:
    'Goes the whole way of a fix and changes nothing: the key that acts, the dispatcher as root, its lock, and room to record what a fix would change.',
  target: 'host',
  parameters: {},
  steps: [{ kind: 'command', verb: 'host-drill', slots: [{ from: 'target' }], timeoutSeconds: 20 }],
  idempotent: true,
  refresh: [],
};
