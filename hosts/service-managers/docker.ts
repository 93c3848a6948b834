import type { ServiceManager } from './service-manager.ts';

/** Docker: the service is a container, and up while its state is `running`. */
export const docker: ServiceManager = {
  statusArgv: ({ name }) => [
    'docker',
    'inspect',
    '--type=container',
    '--format={{.State.Status}}',
    '--',
    name,
  ],
  restartArgv: ({ name }) => ['docker', 'restart', '--', name],
  isUp: (exitCode, firstLine) => exitCode === 0 && firstLine.trim() === 'running',
};
