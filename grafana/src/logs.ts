import { botRestartMarks, runMarks, updateMarks } from './annotations.ts';
import { botLogPanels } from './logs/bots.ts';
import { readingPanels } from './logs/reading.ts';
import { siteLogPanels } from './logs/sites.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';

/** What logs say, as numbers: their lines stay where they are. */
export function logsDashboard(): ProvisionedDashboard {
  return buildPage(pages.logs, {
    from: 'now-24h',
    annotations: [runMarks(pages.logs), updateMarks(), botRestartMarks()],
    rows: [
      { title: 'Sites', panels: siteLogPanels },
      { title: 'Bots', panels: botLogPanels },
      { title: 'Are the logs read?', panels: readingPanels },
    ],
  });
}
