import type { ServiceManagerName } from '../../inventory/schema/host.ts';
import { docker } from './docker.ts';
import type { ServiceManager } from './service-manager.ts';
import { supervisor } from './supervisor.ts';
import { systemd } from './systemd.ts';
import { sysv } from './sysv.ts';

/** Every service manager by its name in steward.yml. */
export const serviceManagers: Readonly<Record<ServiceManagerName, ServiceManager>> = {
  systemd,
  sysv,
  supervisor,
  docker,
};
