import { botRestartMarks, runMarks } from './annotations.ts';
import { fleetMoneyPanels, fleetStatePanels } from './bots/fleet.ts';
import { otherKindsPanels } from './bots/other-kinds.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';

/** All bots beside each other. */
export function botsDashboard(): ProvisionedDashboard {
  return buildPage(pages.bots, {
    from: 'now-24h',
    annotations: [runMarks(pages.bots), botRestartMarks()],
    rows: [
      { title: 'Do they trade?', panels: fleetStatePanels },
      { title: 'How do they do?', panels: fleetMoneyPanels },
      { title: 'Bots of other kinds', panels: otherKindsPanels },
    ],
  });
}
