import { runMarks, updateMarks } from './annotations.ts';
import { queuePanels, stuckPanels } from './content/queue.ts';
import { waitingPanels, workPanels } from './content/work.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';

/** Whether posts come out on time, and for how long there are more of them. */
export function contentDashboard(): ProvisionedDashboard {
  return buildPage(pages.content, {
    from: 'now-7d',
    annotations: [runMarks(pages.content), updateMarks()],
    rows: [
      { title: 'What is scheduled', panels: queuePanels },
      { title: 'What is stuck', panels: stuckPanels },
      { title: 'What was done, and what waits', panels: workPanels },
      { title: 'What waits for people', panels: waitingPanels },
    ],
  });
}
