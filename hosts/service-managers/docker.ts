import type { ServiceManager } from './service-manager.ts';
import { reloadSignalOf } from './web-server.ts';

/** Docker: the service is a container, and up while its state is `running`. Names are printed with a slash before them. */
export const docker: ServiceManager = {
  groupKey: () => 'docker',
  statusArgv: (group) => [
    'docker',
    'inspect',
    '--type=container',
    '--format={{.Name}} {{.State.Status}}',
    '--',
    ...group.map(({ name }) => name),
  ],
  isUp: (name, { lines }) => lines.includes(`/${name} running`),
  restartArgv: ({ name }) => ['docker', 'restart', '--', name],
  reloadArgv: ({ name }) => ['docker', 'kill', `--signal=${reloadSignalOf(name)}`, '--', name],
};
