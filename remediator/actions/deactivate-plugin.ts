import type { Action } from './action.ts';

/** Takes a plugin that breaks its site out of those that WordPress loads, and puts it back where that did not heal the site. */
export const deactivatePlugin: Action = {
  name: 'wordpress.deactivate-plugin',
  summary: 'Takes a plugin, by the name of its folder, out of those that WordPress loads.',
  target: 'site',
  parameters: { plugin: { memberOf: 'plugins-of-site' } },
  steps: [
    {
      kind: 'command',
      verb: 'site-deactivate-plugin',
      slots: [{ from: 'target' }, { parameter: 'plugin' }, { from: 'run' }],
      timeoutSeconds: 90,
    },
  ],
  idempotent: true,
  refresh: ['wordpress', 'logs'],
  harm: {
    healthy: 'probe_success{instance="$target"} == 1',
    harmed: 'probe_success{instance="$target"} == 0',
  },
  undo: {
    kind: 'command',
    verb: 'site-activate-plugin',
    slots: [{ from: 'target' }, { from: 'run' }],
    timeoutSeconds: 90,
  },
  isUndoneUnlessProved: true,
};
