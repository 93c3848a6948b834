import type { ServiceManager } from './service-manager.ts';

/** Init scripts: `status` exits with 0 when the program runs (Linux Standard Base, init script actions). */
export const sysv: ServiceManager = {
  groupKey: ({ name }) => `sysv ${name}`,
  statusArgv: ([{ name }]) => ['service', name, 'status'],
  isUp: (_name, { exitCode }) => exitCode === 0,
  restartArgv: ({ name }) => ['service', name, 'restart'],
  reloadArgv: ({ name }) => ['service', name, 'reload'],
};
