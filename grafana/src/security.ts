import { runMarks, updateMarks } from './annotations.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { accessPanels } from './security/access.ts';
import { foundFilePanels, integrityPanels } from './security/integrity.ts';
import { permissionPanels } from './security/permissions.ts';
import { settingPanels } from './security/settings.ts';
import { extensionPanels, versionPanels, vulnerabilityPanels } from './security/versions.ts';
import { buildPage } from './shell.ts';

/** Whether sites are as their operator left them, and hard to break into. */
export function securityDashboard(): ProvisionedDashboard {
  return buildPage(pages.security, {
    from: 'now-7d',
    annotations: [runMarks(pages.security), updateMarks()],
    rows: [
      { title: 'Permissions', panels: permissionPanels },
      { title: 'Integrity', panels: integrityPanels },
      { title: 'Which files', panels: foundFilePanels },
      { title: 'Who gets in', panels: accessPanels },
      { title: 'Versions', panels: versionPanels },
      { title: 'What is behind', panels: extensionPanels },
      { title: 'Known holes', panels: vulnerabilityPanels },
      { title: 'Settings', panels: settingPanels },
    ],
  });
}
