import { runMarks, updateMarks } from './annotations.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';
import { databasePanels } from './site/database.ts';
import { phpPanels } from './site/php.ts';
import { visitorPanels } from './site/visitors.ts';
import { wordpressPanels } from './site/wordpress.ts';

/** How sites do, one or several beside each other. */
export function siteDashboard(): ProvisionedDashboard {
  return buildPage(pages.site, {
    from: 'now-6h',
    annotations: [runMarks(pages.site), updateMarks()],
    rows: [
      { title: 'What visitors get', panels: visitorPanels },
      { title: 'WordPress', panels: wordpressPanels },
      { title: 'PHP', panels: phpPanels },
      { title: 'Database', panels: databasePanels },
    ],
  });
}
