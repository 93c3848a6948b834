import { runMarks } from './annotations.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';
import { costPanels } from './steward/cost.ts';
import { healingPanels } from './steward/healing.ts';
import { healthPanels } from './steward/health.ts';
import { watchingPanels } from './steward/watching.ts';

/** Whether Steward sees what it should. */
export function stewardDashboard(): ProvisionedDashboard {
  return buildPage(pages.steward, {
    from: 'now-6h',
    annotations: [runMarks(pages.steward)],
    rows: [
      { title: 'Is everything watched?', panels: watchingPanels },
      { title: 'Does every part work?', panels: healthPanels },
      { title: 'Can it heal?', panels: healingPanels },
      { title: 'What it costs', panels: costPanels },
    ],
  });
}
