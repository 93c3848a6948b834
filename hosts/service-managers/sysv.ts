import type { ServiceManager } from './service-manager.ts';

/** Init scripts: `status` exits with 0 when the program runs (Linux Standard Base, init script actions). */
export const sysv: ServiceManager = {
  statusArgv: ({ name }) => ['service', name, 'status'],
  restartArgv: ({ name }) => ['service', name, 'restart'],
  isUp: (exitCode) => exitCode === 0,
};
