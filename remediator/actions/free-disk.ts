import type { Action } from './action.ts';

/** Frees space where nothing of a user's is. There is nothing to undo: what is removed is made again, or was rotated away weeks ago. */
export const freeDisk: Action = {
  name: 'host.free-disk',
  summary:
    "Frees space of a host: archived files of systemd's journal above 200 MB, packages that apt downloaded, rotated and compressed logs below /var/log older than two weeks, and Steward's own records of fixes older than a month.",
  target: 'host',
  parameters: {},
  steps: [{ kind: 'command', verb: 'host-free-disk', slots: [{ from: 'target' }], timeoutSeconds: 300 }],
  idempotent: true,
  refresh: [],
};
