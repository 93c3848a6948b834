import {
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { brokenPanels } from './command-center/broken.ts';
import { healedPanels } from './command-center/healed.ts';
import { hostPanels } from './command-center/hosts.ts';
import { sitePanels } from './command-center/sites.ts';
import { watchingPanels } from './command-center/watching.ts';
import { createDashboard, type ProvisionedDashboard } from './model.ts';
import { datasource } from './query.ts';

const rows = [
  { title: 'Is anything broken?', panels: brokenPanels },
  { title: 'What was healed', panels: healedPanels },
  { title: 'Sites', panels: sitePanels },
  { title: 'Hosts', panels: hostPanels },
  { title: 'Is everything being watched?', panels: watchingPanels },
];

/** The first page an operator opens: what is broken, what was healed, and how sites and hosts do. */
export function commandCenter(): ProvisionedDashboard {
  const dashboard = createDashboard('steward-command-center', 'Command center')
    .description('What is broken, what was healed, and how sites and hosts do.')
    .tags(['steward'])
    .readonly()
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data Source').type('prometheus'))
    .withVariable(targetVariable('job', 'label_values(up{job=~"host|site"}, job)'))
    .withVariable(targetVariable('instance', 'label_values(up{job=~"$job"}, instance)'))
    .link(
      new DashboardLinkBuilder('Runs')
        .type(DashboardLinkType.Link)
        .icon('external link')
        .tooltip("Every run with its steps, on the remediator's page")
        .url('http://127.0.0.1:9841/')
        .targetBlank(true),
    );
  for (const { title, panels } of rows) {
    dashboard.withRow(new RowBuilder(title));
    for (const panel of panels()) dashboard.withPanel(panel);
  }
  return dashboard.build();
}

function targetVariable(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name)
    .datasource(datasource)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: 'All', value: '$__all' });
}
