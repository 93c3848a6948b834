import { botRestartMarks, rebootMarks, runMarks, updateMarks } from './annotations.ts';
import { brokenPanels } from './command-center/broken.ts';
import { botFigures, hostFigures, queueFigures, siteFigures } from './command-center/figures.ts';
import { healedPanels } from './command-center/healed.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';

/** The first page an operator opens: what is broken, what was healed, what waits, and the few figures of each domain. */
export function commandCenter(): ProvisionedDashboard {
  return buildPage(pages.commandCenter, {
    from: 'now-24h',
    annotations: [runMarks(pages.commandCenter), updateMarks(), botRestartMarks(), rebootMarks()],
    rows: [
      { title: 'Is anything broken?', panels: brokenPanels },
      { title: 'What was healed, and what waits for you', panels: healedPanels },
      { title: 'Sites', panels: siteFigures },
      { title: 'Servers', panels: hostFigures },
      { title: 'Bots', panels: botFigures },
      { title: 'Content and jobs', panels: queueFigures },
    ],
  });
}
