import { bandPanels } from './anomalies/bands.ts';
import { statePanels } from './anomalies/states.ts';
import { botRestartMarks, runMarks, updateMarks } from './annotations.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';

/** What is not as it was yesterday and a week ago. */
export function anomaliesDashboard(): ProvisionedDashboard {
  return buildPage(pages.anomalies, {
    from: 'now-48h',
    annotations: [runMarks(pages.anomalies), updateMarks(), botRestartMarks()],
    rows: [
      { title: 'What is not as usual', panels: statePanels },
      { title: 'Values and what is expected', panels: bandPanels },
    ],
  });
}
