import type { Action } from './action.ts';

/** Restarts a service by its manager. There is nothing to undo: it did not run. */
export const restartService: Action = {
  name: 'service.restart',
  summary:
    'Restarts a service of the host by its manager, unless its own configuration test fails (nginx, Apache, php-fpm, or `config_test` of the service).',
  target: 'host',
  parameters: { service: { memberOf: 'services-of-host' } },
  steps: [
    { kind: 'command', verb: 'service-restart', slots: [{ parameter: 'service' }], timeoutSeconds: 120 },
  ],
  idempotent: false,
  refresh: [],
};
