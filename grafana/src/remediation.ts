import { runMarks } from './annotations.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { healedPanels, leftPanels } from './remediation/runs.ts';
import { underWayPanels } from './remediation/under-way.ts';
import { buildPage } from './shell.ts';

/** What the remediator did and did not do. */
export function remediationDashboard(): ProvisionedDashboard {
  return buildPage(pages.remediation, {
    from: 'now-7d',
    annotations: [runMarks(pages.remediation)],
    rows: [
      { title: 'What was healed', panels: healedPanels },
      { title: 'What is under way', panels: underWayPanels },
      { title: 'What was not, and what comes back', panels: leftPanels },
    ],
  });
}
