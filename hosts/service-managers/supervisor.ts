import type { ServiceEntry } from '../../inventory/schema/host.ts';
import type { ServiceManager } from './service-manager.ts';
import { reloadSignalOf } from './web-server.ts';

/** Supervisor: the status line is `name  RUNNING  pid 1, uptime 0:00:01`; other states are not up. */
export const supervisor: ServiceManager = {
  groupKey: ({ config }) => `supervisor ${config ?? ''}`,
  statusArgv: (group) => [...supervisorctl(group[0]), 'status', ...group.map(({ name }) => name)],
  isUp: (name, { lines }) => lines.some((line) => line.startsWith(`${name} `) && / RUNNING\b/.test(line)),
  restartArgv: (service) => [...supervisorctl(service), 'restart', service.name],
  reloadArgv: (service) => [...supervisorctl(service), 'signal', reloadSignalOf(service.name), service.name],
};

function supervisorctl({ config }: ServiceEntry): [string, ...string[]] {
  return config === undefined ? ['supervisorctl'] : ['supervisorctl', '-c', config];
}
