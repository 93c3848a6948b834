import type { ServiceManager } from './service-manager.ts';

/** systemd: `is-active` exits with 0 for a unit that is active or reloading (systemctl(1)). */
export const systemd: ServiceManager = {
  statusArgv: ({ name }) => ['systemctl', 'is-active', '--', name],
  restartArgv: ({ name }) => ['systemctl', 'restart', '--', name],
  isUp: (exitCode) => exitCode === 0,
};
