import type { ServiceManager } from './service-manager.ts';

/** systemd: `is-active` prints one state for each unit, in their order (systemctl(1)). */
export const systemd: ServiceManager = {
  groupKey: () => 'systemd',
  statusArgv: (group) => ['systemctl', 'is-active', '--', ...group.map(({ name }) => name)],
  isUp: (name, { names, lines }) => /^(active|reloading)$/.test(lines[names.indexOf(name)] ?? ''),
  restartArgv: ({ name }) => ['systemctl', 'restart', '--', name],
  reloadArgv: ({ name }) => ['systemctl', 'reload', '--', name],
};
