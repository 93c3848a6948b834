import { runMarks } from './annotations.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';
import { costPanels, limitPanels } from './steward/cost.ts';
import { watchingPanels } from './steward/watching.ts';

/** Whether Steward sees what it should. */
export function stewardDashboard(): ProvisionedDashboard {
  return buildPage(pages.steward, {
    from: 'now-6h',
    annotations: [runMarks()],
    rows: [
      { title: 'Is everything watched?', panels: watchingPanels },
      { title: 'What it costs', panels: costPanels },
      { title: 'Configuration and limits', panels: limitPanels },
    ],
  });
}
