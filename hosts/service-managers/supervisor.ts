import type { ServiceEntry } from '../../inventory/schema/host.ts';
import type { ServiceManager } from './service-manager.ts';

/** Supervisor: the status line is `name  RUNNING  pid 1, uptime 0:00:01`; other states are not up. */
export const supervisor: ServiceManager = {
  statusArgv: (service) => [...supervisorctl(service), 'status', service.name],
  restartArgv: (service) => [...supervisorctl(service), 'restart', service.name],
  isUp: (_exitCode, firstLine) => /^\S+\s+RUNNING\b/.test(firstLine),
};

function supervisorctl({ config }: ServiceEntry): [string, ...string[]] {
  return config === undefined ? ['supervisorctl'] : ['supervisorctl', '-c', config];
}
