import { rebootMarks, runMarks } from './annotations.ts';
import { diskPanels, diskWorkPanels } from './host/disks.ts';
import { clockPanels, kernelPanels } from './host/kernel.ts';
import { memoryPanels, swapPanels } from './host/memory.ts';
import { networkPanels } from './host/network.ts';
import { processorPanels, statePanels } from './host/processor.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';

/** Utilisation, saturation and errors of each resource of the hosts. */
export function hostDashboard(): ProvisionedDashboard {
  return buildPage(pages.host, {
    from: 'now-6h',
    annotations: [runMarks(pages.host), rebootMarks()],
    rows: [
      { title: 'Up or down', panels: statePanels },
      { title: 'Processor', panels: processorPanels },
      { title: 'Memory', panels: memoryPanels },
      { title: 'Where memory goes', panels: swapPanels },
      { title: 'Disks', panels: diskPanels },
      { title: 'Work of the disks', panels: diskWorkPanels },
      { title: 'Network', panels: networkPanels },
      { title: 'Kernel', panels: kernelPanels },
      { title: 'Clock and restarts', panels: clockPanels },
    ],
  });
}
