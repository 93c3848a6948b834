import { commandCenter } from './command-center.ts';
import type { ProvisionedDashboard } from './model.ts';

/** Every dashboard, by the name of its file in grafana/dashboards/. */
export const dashboards: Readonly<Record<string, () => ProvisionedDashboard>> = {
  'command-center': commandCenter,
};
