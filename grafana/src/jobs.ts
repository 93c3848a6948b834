import { runMarks } from './annotations.ts';
import { jobPanels, runPanels } from './jobs/late.ts';
import { pipelinePanels } from './jobs/pipelines.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';

/** What runs by itself: jobs and the stages of pipelines. */
export function jobsDashboard(): ProvisionedDashboard {
  return buildPage(pages.jobs, {
    from: 'now-7d',
    annotations: [runMarks(pages.jobs)],
    rows: [
      { title: 'Jobs', panels: jobPanels },
      { title: 'Runs of jobs', panels: runPanels },
      { title: 'Pipelines', panels: pipelinePanels },
    ],
  });
}
