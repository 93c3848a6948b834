import { anomaliesDashboard } from './anomalies.ts';
import { botDashboard } from './bot.ts';
import { botsDashboard } from './bots.ts';
import { commandCenter } from './command-center.ts';
import { contentDashboard } from './content.ts';
import { hostDashboard } from './host.ts';
import { jobsDashboard } from './jobs.ts';
import { logsDashboard } from './logs.ts';
import type { ProvisionedDashboard } from './model.ts';
import { remediationDashboard } from './remediation.ts';
import { securityDashboard } from './security.ts';
import { siteDashboard } from './site.ts';
import { stewardDashboard } from './steward.ts';

/** Every dashboard, by the name of its file in grafana/dashboards/. */
export const dashboards: Readonly<Record<string, () => ProvisionedDashboard>> = {
  anomalies: anomaliesDashboard,
  bot: botDashboard,
  bots: botsDashboard,
  'command-center': commandCenter,
  content: contentDashboard,
  host: hostDashboard,
  jobs: jobsDashboard,
  logs: logsDashboard,
  remediation: remediationDashboard,
  'site-security': securityDashboard,
  site: siteDashboard,
  steward: stewardDashboard,
};
